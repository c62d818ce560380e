import { ProxyError } from '../../core/errors.ts'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { printable } from '../../core/printable.ts'
import { isLoopback, parseAuthority } from './addresses.ts'
import type { GuardedRequest, GuardPolicy } from './policy.ts'

/**
 * A page from elsewhere must not spend the user's tokens. `Sec-Fetch-Site: cross-site` decides only where there
 * is no Origin: browsers also send it with an allowed one.
 */
export function checkOrigin({ headers }: GuardedRequest, policy: GuardPolicy): void {
  const origins = valuesOf(headers, 'origin')
  for (const origin of origins) {
    if (isLoopbackOrigin(origin) || isAllowed(origin, policy.allowedOrigins)) continue
    const shown = printable(origin, 100)
    throw new ProxyError(
      'origin_refused',
      `a web page of origin "${shown}" may not use this proxy; ` +
        `if it should, add to the configuration: auth: {allowed_origins: ["${shown}"]}`,
    )
  }
  if (origins.length === 0 && valuesOf(headers, 'sec-fetch-site').includes('cross-site')) {
    throw new ProxyError(
      'origin_refused',
      'a web page of another site may not use this proxy (Sec-Fetch-Site: cross-site); ' +
        'a page that should must send its Origin, and the configuration name it in auth: {allowed_origins: […]}',
    )
  }
}

function isLoopbackOrigin(origin: string): boolean {
  const found = /^https?:\/\/([^/?#@]+)$/i.exec(origin)
  const authority = parseAuthority(found?.[1] ?? '')
  return authority !== undefined && isLoopback(authority.host)
}

function isAllowed(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => entry.toLowerCase() === origin.toLowerCase())
}

const nothing: readonly string[] = []

function valuesOf(headers: HeaderPairs, name: string): readonly string[] {
  if (headerValue(headers, name) === undefined) return nothing
  return headers.filter(([key]) => key === name).map(([, value]) => value.trim())
}
