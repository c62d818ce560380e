import { randomBytes } from 'node:crypto'
import { ProxyError } from '../../core/errors.ts'
import type { HeaderPairs } from '../../core/http.ts'

const header = 'x-llmproxy-hop'
const maxHops = 4

export function newHopId(): string {
  return randomBytes(8).toString('hex')
}

/** The ids of the proxies that a request has passed, oldest first. */
function hopsOf(headers: HeaderPairs): string[] {
  return headers
    .filter(([name]) => name === header)
    .flatMap(([, value]) => value.split(','))
    .map((id) => id.trim())
    .filter((id) => id !== '')
}

/** A proxy that calls itself, or a chain that grows, would spend until something breaks. */
export function checkHop(headers: HeaderPairs, hopId: string): void {
  const hops = hopsOf(headers)
  if (hops.includes(hopId)) {
    throw new ProxyError(
      'loop',
      'this request has already passed this proxy: one of its backends leads back to it; check the api_url of the backends',
    )
  }
  if (hops.length > maxHops) {
    throw new ProxyError(
      'loop',
      `this request has passed ${hops.length} llmproxies, and ${maxHops} are the most; check the api_url of their backends`,
    )
  }
}

/** `x-llmproxy-hop` of the request that goes on: what came, and our own id. */
export function nextHops(headers: HeaderPairs, hopId: string): string {
  return [...hopsOf(headers).filter((id) => /^[\w-]{1,64}$/.test(id)), hopId].join(',')
}
