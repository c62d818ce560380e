import { ProxyError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { type Authority, isLoopback, parseAuthority, sameAddress } from './addresses.ts'
import type { GuardedRequest, GuardPolicy } from './policy.ts'

/**
 * One Host, ours or allowed: a page whose name was made to point at this machine must not reach it
 * (DNS rebinding). Node lets a missing, a second and a contradicting one pass (RFC 9112, 3.2).
 */
export function checkHost(request: GuardedRequest, policy: GuardPolicy): void {
  const host = onlyHost(request)
  const allowed = policy.allowedHosts.map((entry) =>
    parseAuthority(entry.replace(/^([^[].*:.*:.*)$/, '[$1]')),
  )
  if (isOurs(host.host, request, policy) || allowed.some((entry) => entry && matches(entry, host))) return
  const name = host.host.includes(':') ? `[${host.host}]` : host.host
  throw new ProxyError(
    'host_refused',
    `the Host "${name}" is not this proxy's; if it should be, add to the configuration: auth: {allowed_hosts: ["${name}"]}`,
  )
}

/** The path and query of a request target, in whichever form it came. */
export function originForm(rawUrl: string): string {
  const absolute = absoluteForm(rawUrl)
  if (!absolute) return rawUrl
  return absolute.rest.startsWith('/') ? absolute.rest : `/${absolute.rest}`
}

function onlyHost({ headers, rawUrl }: GuardedRequest): Authority {
  const values = headers.filter(([name]) => name === 'host').map(([, value]) => value)
  const [value] = values
  if (value === undefined || value === '') {
    throw new ProxyError('bad_host', 'the request has no Host header; send the address that you call')
  }
  if (values.length > 1) {
    throw new ProxyError('bad_host', 'the request has more than one Host header; send one')
  }
  const host = parseAuthority(value)
  if (!host) {
    throw new ProxyError(
      'bad_host',
      `the Host "${printable(value, 100)}" is not a name or address with a port`,
    )
  }
  const absolute = absoluteForm(rawUrl)
  if (absolute && !sameAuthority(parseAuthority(absolute.authority), host, absolute.defaultPort)) {
    throw new ProxyError(
      'bad_host',
      `the request line names ${printable(absolute.authority, 100)} and the Host header ${printable(value, 100)}; ` +
        'this is no forward proxy: call its own address',
    )
  }
  return host
}

function absoluteForm(rawUrl: string) {
  if (rawUrl.startsWith('/')) return undefined
  const found = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(rawUrl)
  if (!found) return undefined
  const [, scheme = '', authority = '', rest = ''] = found
  return { authority, rest, defaultPort: scheme.toLowerCase() === 'https' ? 443 : 80 }
}

function sameAuthority(one: Authority | undefined, other: Authority, defaultPort: number): boolean {
  return one?.host === other.host && (one.port ?? defaultPort) === (other.port ?? defaultPort)
}

function isOurs(host: string, request: GuardedRequest, policy: GuardPolicy): boolean {
  if (isLoopback(host)) return true
  return [policy.boundHost.toLowerCase(), request.boundAddress].some((ours) => sameAddress(host, ours))
}

function matches(allowed: Authority, host: Authority): boolean {
  return allowed.host === host.host && (allowed.port === null || allowed.port === host.port)
}
