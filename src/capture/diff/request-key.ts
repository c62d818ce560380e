import { createHash } from 'node:crypto'
import { isObject } from '../../core/json.ts'
import { canonicalJson } from '../detectors/canonical.ts'
import type { LegView } from '../view/view.ts'
import type { ComparedRequest } from './requests.ts'
import { withoutVolatile } from './volatile-fields.ts'

/** The same for requests that ask the same: path and canonical JSON without what is volatile; else the bytes. */
export function requestKey({ leg, reading }: Pick<ComparedRequest, 'leg' | 'reading'>): string {
  const hash = createHash('sha256').update(`${leg.method} ${pathOf(leg)}\n`)
  return hash.update(contentOf(leg, reading)).digest('base64url')
}

function contentOf(leg: LegView, { json }: ComparedRequest['reading']): string | Uint8Array {
  if (!isObject(json)) return leg.body()
  try {
    return canonicalJson(withoutVolatile('request')(json))
  } catch {
    // Nested too deeply for anybody.
    return leg.body()
  }
}

function pathOf({ url }: LegView): string {
  return (url ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')
}
