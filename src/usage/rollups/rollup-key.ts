import type { UsageFilter } from '../query/filter.ts'
import { fitsModel } from '../query/name-patterns.ts'
import type { UsageRecord } from '../record/record.ts'

/** What a roll-up's records have in common: the fields by which roll-ups can be filtered and grouped. */
export const keyFields = [
  'backend_type',
  'backend_instance_id',
  'model',
  'frontend_type',
  'client_app',
  'proxy_user',
  'call_purpose',
  'outcome',
  'http_status_code',
  'replaced',
  'attempts',
] as const satisfies readonly (keyof UsageRecord)[]

/** Of a record, or of a roll-up, whose `attempts` is 2 for all that took more than one. */
export type RollupKey = Pick<UsageRecord, (typeof keyFields)[number]>

/** Tells keys apart, and is how a store keeps one: the values in the order of `keyFields`. */
export function keyText(record: RollupKey): string {
  return JSON.stringify(
    keyFields.map((name) => (name === 'attempts' ? Math.min(record.attempts, 2) : record[name])),
  )
}

export function keyFromText(text: string): RollupKey {
  const values = JSON.parse(text) as unknown[]
  return Object.fromEntries(keyFields.map((name, index) => [name, values[index]])) as RollupKey
}

/**
 * Whether a filter means a roll-up's records, but for the time. With `byAttempt` only those of a single attempt: of
 * others the roll-up does not know which of their attempts is meant.
 */
export function keyFits(key: RollupKey, filter: UsageFilter, byAttempt: boolean): boolean {
  return (
    (!byAttempt || key.attempts === 1) &&
    oneOf(filter.backendTypes, key.backend_type) &&
    (filter.backends.length === 0 ||
      oneOf(filter.backends, key.backend_instance_id) ||
      oneOf(filter.backends, key.backend_type)) &&
    (filter.models.length === 0 ||
      filter.models.some((wanted) => key.model !== null && fitsModel(key.model, wanted))) &&
    oneOf(filter.frontendTypes, key.frontend_type) &&
    oneOf(filter.clientApps, key.client_app) &&
    oneOf(filter.proxyUsers, key.proxy_user) &&
    oneOf(filter.statuses, key.http_status_code) &&
    oneOf(filter.outcomes, key.outcome) &&
    (filter.callPurposes.length === 0
      ? key.call_purpose !== 'count_tokens'
      : filter.callPurposes.includes(key.call_purpose)) &&
    (filter.replaced === null || filter.replaced === key.replaced)
  )
}

function oneOf<T>(wanted: readonly T[], value: T | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}
