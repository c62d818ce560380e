import { plainFilters, type UsageFilter } from '../query/filter.ts'
import { fitsPlain, fitsPurpose, fitsSomeModel } from '../query/fits.ts'
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

const plainFields = keyFields.filter((name) => name in plainFilters) as (keyof typeof plainFilters &
  (typeof keyFields)[number])[]

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
    plainFields.every((field) => fitsPlain(key, field, filter)) &&
    (filter.backends.length === 0 ||
      filter.backends.some((one) => one === key.backend_instance_id || one === key.backend_type)) &&
    fitsSomeModel(filter.models, key.model) &&
    fitsPurpose(key, filter) &&
    (filter.replaced === null || filter.replaced === key.replaced)
  )
}
