import type { AttemptEntry, UsageRecord } from '../record/record.ts'
import { type PlainField, plainFilters, type UsageFilter } from './filter.ts'
import { localTime } from './local-time.ts'
import { fitsModel } from './name-patterns.ts'

const plainFields = Object.keys(plainFilters) as PlainField[]

/** Whether a filter means a record; with `backends`, whether it means one of its attempts. */
export function fits(record: UsageRecord, filter: UsageFilter): boolean {
  return (
    fitsTime(Date.parse(record.timestamp), filter) &&
    plainFields.every((field) => fitsPlain(record, field, filter)) &&
    (filter.backends.length === 0 || record.attempt_log.some((entry) => fitsBackend(entry, filter))) &&
    fitsSomeModel(filter.models, record.model) &&
    fitsSomeModel(filter.requestedModels, record.requested_model) &&
    (filter.tags.length === 0 || filter.tags.some((tag) => hasTag(record.tags, tag))) &&
    fitsPurpose(record, filter) &&
    (filter.replaced === null || filter.replaced === record.replaced) &&
    oneOf(filter.replacementDecisions, record.replacement?.decision ?? null)
  )
}

export function fitsBackend(entry: AttemptEntry, { backends }: UsageFilter): boolean {
  return backends.includes(entry.backend_instance_id) || backends.includes(entry.backend_type)
}

function fitsTime(atMs: number, filter: UsageFilter): boolean {
  if (filter.fromMs !== null && atMs < filter.fromMs) return false
  if (filter.untilMs !== null && atMs >= filter.untilMs) return false
  return fitsClock(atMs, filter)
}

/** Whether the filter's hours and weekdays have a moment, by clocks of its zone. */
export function fitsClock(atMs: number, filter: UsageFilter): boolean {
  if (filter.hours.length === 0 && filter.weekdays.length === 0) return true
  const { hour, weekday } = localTime(atMs, filter.timeZone)
  return oneOf(filter.hours, hour) && oneOf(filter.weekdays, weekday)
}

function hasTag(tags: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=')
  if (at < 0) return Object.hasOwn(tags, wanted)
  const name = wanted.slice(0, at)
  return Object.hasOwn(tags, name) && tags[name] === wanted.slice(at + 1)
}

/** Whether a field has one of the values that the filter asks of it, where it asks any. */
export function fitsPlain<Field extends PlainField>(
  record: Pick<UsageRecord, Field>,
  field: Field,
  filter: UsageFilter,
): boolean {
  return oneOf<UsageRecord[Field]>(
    filter[plainFilters[field]] as readonly UsageRecord[Field][],
    record[field],
  )
}

/** Counts of tokens are left out unless they are asked for. */
export function fitsPurpose(
  record: Pick<UsageRecord, 'call_purpose'>,
  { callPurposes }: UsageFilter,
): boolean {
  return callPurposes.length === 0
    ? record.call_purpose !== 'count_tokens'
    : callPurposes.includes(record.call_purpose)
}

export function fitsSomeModel(wanted: readonly string[], model: string | null): boolean {
  return wanted.length === 0 || (model !== null && wanted.some((one) => fitsModel(model, one)))
}

function oneOf<T>(wanted: readonly T[], value: T | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}
