import { plainFilters, type UsageFilter } from '../../query/filter.ts'
import { fitsModel } from '../../query/name-patterns.ts'
import type { Cell } from './columns.ts'

/** A condition and the values of its question marks. */
export interface Where {
  sql: string
  values: Cell[]
}

/** The models that records have; a filter's words are looked up among them. */
export type SeenValues = (field: 'model' | 'requested_model') => readonly string[]

/** A filter's window of time, without what else it asks. */
export function windowOf({ fromMs, untilMs }: UsageFilter): Where {
  const parts: Where[] = []
  if (fromMs !== null) parts.push({ sql: 'timestamp >= ?', values: [fromMs] })
  if (untilMs !== null) parts.push({ sql: 'timestamp < ?', values: [untilMs] })
  return all(parts)
}

/** Functions that the connection must have: `local_hour(ms, zone)`, `local_weekday(ms, zone)`. */
export function whereOf(filter: UsageFilter, seen: SeenValues): Where {
  const parts: Where[] = [windowOf(filter)]
  const add = (sql: string, ...values: Cell[]) => parts.push({ sql, values })
  const oneOf = (column: string, wanted: readonly (string | number)[]) => {
    if (wanted.length > 0) add(`${column} IN (${marks(wanted)})`, ...wanted)
  }
  const named = (column: 'model' | 'requested_model', wanted: readonly string[]) => {
    if (wanted.length === 0) return
    const meant = seen(column).filter((model) => wanted.some((one) => fitsModel(model, one)))
    add(`${column} IN (${marks(meant)})`, ...meant)
  }
  if (filter.hours.length > 0)
    add(`local_hour(timestamp, ?) IN (${marks(filter.hours)})`, filter.timeZone, ...filter.hours)
  if (filter.weekdays.length > 0)
    add(`local_weekday(timestamp, ?) IN (${marks(filter.weekdays)})`, filter.timeZone, ...filter.weekdays)
  for (const [field, key] of Object.entries(plainFilters)) oneOf(field, filter[key])
  if (filter.backends.length > 0) parts.push(anAttemptAt(filter.backends))
  named('model', filter.models)
  named('requested_model', filter.requestedModels)
  if (filter.tags.length > 0) parts.push(someTag(filter.tags))
  oneOf('call_purpose', filter.callPurposes)
  if (filter.callPurposes.length === 0) add("call_purpose <> 'count_tokens'")
  if (filter.replaced !== null) add('replaced = ?', filter.replaced ? 1 : 0)
  if (filter.replacementDecisions.length > 0) {
    // The first condition is that of the index.
    add('replacement IS NOT NULL')
    oneOf("replacement ->> 'decision'", filter.replacementDecisions)
  }
  return all(parts)
}

export function all(parts: readonly Where[]): Where {
  if (parts.length === 0) return { sql: '1', values: [] }
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  }
}

/** The last attempt's backend is the record's own; earlier ones are only in the log. */
function anAttemptAt(backends: readonly string[]): Where {
  const list = marks(backends)
  const entries = `SELECT 1 FROM json_each(attempt_log) AS entry
    WHERE entry.value ->> 'backend_instance_id' IN (${list}) OR entry.value ->> 'backend_type' IN (${list})`
  return {
    sql: `backend_instance_id IN (${list}) OR backend_type IN (${list}) OR (attempts > 1 AND EXISTS (${entries}))`,
    values: [...backends, ...backends, ...backends, ...backends],
  }
}

function someTag(tags: readonly string[]): Where {
  const parts = tags.map((tag): Where => {
    const at = tag.indexOf('=')
    return at < 0
      ? { sql: 'tag.key = ?', values: [tag] }
      : { sql: 'tag.key = ? AND tag.value = ?', values: [tag.slice(0, at), tag.slice(at + 1)] }
  })
  const any = parts.map(({ sql }) => `(${sql})`).join(' OR ')
  return {
    sql: `EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE ${any})`,
    values: parts.flatMap(({ values }) => values),
  }
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
