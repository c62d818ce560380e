import type { CacheHint } from '../../../core/call.ts'
import { type JsonObject, objectAt } from '../../../core/json.ts'

/** The cache breakpoint that stands on a block or tool, as the part's field. */
export function cacheOf(block: JsonObject): { cache?: CacheHint } {
  const control = objectAt(block, 'cache_control')
  if (control === undefined) return {}
  return { cache: { ttl: control.ttl === '5m' || control.ttl === '1h' ? control.ttl : null } }
}
