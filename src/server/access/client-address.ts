import { isIP, isIPv6 } from 'node:net'
import type { HeaderPairs } from '../../core/http.ts'
import { withoutMapping } from '../guard/addresses.ts'

/**
 * The address that a request counts for: the connection's, or where that is a trusted proxy, the nearest one in
 * X-Forwarded-For that is not. IPv6 by /64, as one customer has a whole one.
 */
export function clientAddress(
  headers: HeaderPairs,
  remoteAddress: string,
  isTrusted: (address: string) => boolean,
): string {
  const forwarded = headers
    .filter(([name]) => name === 'x-forwarded-for')
    .flatMap(([, value]) => value.split(','))
    .map(withoutPort)
  let address = withoutMapping(remoteAddress)
  while (isTrusted(address)) {
    const next = forwarded.pop()
    if (next === undefined || isIP(next) === 0) break
    address = withoutMapping(next)
  }
  return isIPv6(address) ? network64(address) : address
}

function withoutPort(entry: string): string {
  const text = entry.trim()
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}

function network64(address: string): string {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = head === '' ? [] : head.split(':')
  const tailGroups = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : 8 - groups.length - tailGroups.length
  const all = [...groups, ...Array<string>(missing).fill('0'), ...tailGroups]
  return `${all.slice(0, 4).join(':')}::/64`
}
