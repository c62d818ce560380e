import type { GroupKey } from '../query/filter.ts'
import { dayMs, localTime } from '../query/local-time.ts'
import type { AttemptEntry, UsageRecord } from '../record/record.ts'

/** A group's place: one value for each key; null where the record has none. */
export type GroupPlace = readonly (string | number | null)[]

/** What is put into groups: a record, one of its attempts or tools, or the records of a roll-up, which are alike. */
export interface GroupUnit {
  record: Pick<
    UsageRecord,
    | 'backend_type'
    | 'backend_instance_id'
    | 'model'
    | 'frontend_type'
    | 'client_app'
    | 'proxy_user'
    | 'http_status_code'
    | 'outcome'
    | 'attempts'
  > &
    Partial<Pick<UsageRecord, 'session_id' | 'tags'>>
  atMs: number
  entry: AttemptEntry | null
  tool: string | null
}

/** The value of one key. */
export function groupValue(key: GroupKey, unit: GroupUnit, zone: string): string | number | null {
  const { record, entry, tool, atMs } = unit
  if (key.startsWith('tag:')) {
    const name = key.slice('tag:'.length)
    const { tags = {} } = record
    return Object.hasOwn(tags, name) ? (tags[name] ?? null) : null
  }
  // A single attempt is the last one, of which the record itself tells.
  const named = record.attempts > 1 ? entry : null
  switch (key as Exclude<GroupKey, `tag:${string}`>) {
    case 'backend':
      return named?.backend_instance_id ?? record.backend_instance_id
    case 'backend_type':
      return named?.backend_type ?? record.backend_type
    case 'model':
      return named?.model ?? record.model
    case 'status':
      return entry ? entry.http_status_code : record.http_status_code
    case 'session_id':
      return record.session_id ?? null
    case 'frontend_type':
    case 'client_app':
    case 'proxy_user':
    case 'outcome':
      return record[key as 'frontend_type' | 'client_app' | 'proxy_user' | 'outcome']
    case 'tool':
      return tool
    default:
      return timeValue(key, atMs, zone)
  }
}

function timeValue(key: string, atMs: number, zone: string): string | number | null {
  const { year, month, day, hour, weekday } = localTime(atMs, zone)
  const date = `${year}-${two(month)}-${two(day)}`
  switch (key) {
    case 'hour':
      return `${date}T${two(hour)}:00`
    case 'day':
      return date
    case 'week':
      return weekName(year, month, day, weekday)
    case 'month':
      return `${year}-${two(month)}`
    case 'hour_of_day':
      return hour
    case 'day_of_week':
      return weekday
    default:
      return null
  }
}

/** ISO 8601: `2026-W48`. A week belongs to the year that has its Thursday. */
function weekName(year: number, month: number, day: number, weekday: number): string {
  const thursday = new Date(Date.UTC(year, month - 1, day + 3 - weekday))
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = Math.floor((thursday.getTime() - first) / (7 * dayMs)) + 1
  return `${thursday.getUTCFullYear()}-W${two(week)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
