import { matchesGlob } from '../../core/glob.ts'
import type { KeyPlace } from './key-places.ts'

/** Who makes a request: anybody, where no access keys are configured, or the owner of one. */
export type Caller = { kind: 'open' } | KeyedCaller

export interface KeyedCaller {
  kind: 'key'
  name: string
  role: 'user' | 'admin'
  /** Globs of the models allowed; null: every model. */
  models: readonly string[] | null
  requestsPerMinute: number | null
  usdPerDay: number | null
  /** SHA-256 of the access key in hex: tells keys apart whatever their names. */
  keyHash: string
  /** Where the key that opened the proxy stood. */
  accessKeyHeader: KeyPlace
  /** Every place that held an access key, `accessKeyHeader` included: none of them is ever forwarded. */
  accessKeyPlaces: readonly KeyPlace[]
}

/** Whether the caller's `models` let it use a target, by `backend:model` or by the bare model. */
export function mayUse(caller: Caller, target: { backend: { name: string }; model: string | null }): boolean {
  if (caller.kind === 'open' || caller.models === null) return true
  const model = target.model ?? ''
  const names = [`${target.backend.name}:${model}`, model]
  return caller.models.some((pattern) => names.some((name) => matchesGlob(pattern, name)))
}
