import { plainFilters, type UsageFilter } from '../../query/filter.ts'
import { fitsModel } from '../../query/name-patterns.ts'
import { moment } from './columns.ts'

/** Takes a value of a statement and says its place, `$3`. */
export type Place = (value: unknown) => string

/** Collects the values of one statement. */
export function places(): { values: unknown[]; place: Place } {
  const values: unknown[] = []
  return { values, place: (value) => `$${values.push(value)}` }
}

/** The models that records have; a filter's words are looked up among them. */
export type SeenModels = Readonly<Record<'model' | 'requested_model', readonly string[]>>

/** The condition that means what `fits` means (query/fits.ts). */
export function whereOf(filter: UsageFilter, seen: SeenModels, place: Place): string {
  const parts = ['true']
  const oneOf = (column: string, wanted: readonly unknown[], type = 'text') => {
    if (wanted.length > 0) parts.push(`${column} = ANY (${place(wanted)}::${type}[])`)
  }
  const named = (column: 'model' | 'requested_model', wanted: readonly string[]) => {
    if (wanted.length === 0) return
    const meant = seen[column].filter((model) => wanted.some((one) => fitsModel(model, one)))
    parts.push(`${column} = ANY (${place(meant)}::text[])`)
  }
  if (filter.fromMs !== null) parts.push(`"timestamp" >= ${place(filter.fromMs)}::bigint`)
  if (filter.untilMs !== null) parts.push(`"timestamp" < ${place(filter.untilMs)}::bigint`)
  const local = () => `timezone(${zoneOf(filter.timeZone, place)}, ${moment})`
  if (filter.hours.length > 0) oneOf(`extract(hour FROM ${local()})`, filter.hours, 'numeric')
  // Monday is 1 there and 0 here.
  if (filter.weekdays.length > 0) oneOf(`extract(isodow FROM ${local()}) - 1`, filter.weekdays, 'numeric')
  for (const [field, key] of Object.entries(plainFilters)) {
    oneOf(field, filter[key], key === 'statuses' ? 'bigint' : 'text')
  }
  if (filter.backends.length > 0) parts.push(anAttemptAt(place(filter.backends)))
  named('model', filter.models)
  named('requested_model', filter.requestedModels)
  if (filter.tags.length > 0) parts.push(`(${filter.tags.map((tag) => hasTag(tag, place)).join(' OR ')})`)
  oneOf('call_purpose', filter.callPurposes)
  if (filter.callPurposes.length === 0) parts.push("call_purpose <> 'count_tokens'")
  if (filter.replaced !== null) parts.push(`replaced = ${place(filter.replaced)}::boolean`)
  if (filter.replacementDecisions.length > 0) {
    // The condition of the index.
    parts.push('replacement IS NOT NULL')
    oneOf("replacement ->> 'decision'", filter.replacementDecisions)
  }
  return parts.join(' AND ')
}

/** Names of zones which the database takes for an abbreviation first, of winter time alone. */
const abbreviations: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  MET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  WET: 'Europe/Lisbon',
}

function zoneOf(zone: string, place: Place): string {
  // As text the database would count it west of Greenwich.
  if (/^[+-]\d/.test(zone)) return `${place(zone)}::interval`
  return `${place(abbreviations[zone.toUpperCase()] ?? zone)}::text`
}

/** The last attempt's backend is the record's own; earlier ones are only in the log. */
function anAttemptAt(backends: string): string {
  const isOne = (backend: string) => `${backend} = ANY (${backends}::text[])`
  return `(attempts > 1 OR ${isOne('backend_instance_id')} OR ${isOne('backend_type')}) AND EXISTS (
    SELECT 1 FROM json_array_elements(attempt_log) AS entry
    WHERE ${isOne("entry ->> 'backend_instance_id'")} OR ${isOne("entry ->> 'backend_type'")})`
}

function hasTag(tag: string, place: Place): string {
  const at = tag.indexOf('=')
  if (at < 0) return `tags -> ${place(tag)}::text IS NOT NULL`
  return `tags ->> ${place(tag.slice(0, at))}::text = ${place(tag.slice(at + 1))}::text`
}
