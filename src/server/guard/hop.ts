import { ProxyError } from '../../core/errors.ts'
import type { HeaderPairs } from '../../core/http.ts'
import { hopsOf } from '../../proxy/hops.ts'

const maxHops = 4

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
