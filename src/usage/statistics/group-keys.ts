import type { GroupKey } from '../query/filter.ts'
import { localTime } from '../query/local-time.ts'
import type { AttemptEntry, UsageRecord } from '../record/record.ts'

/** A group's place: one value for each key; null where the record has none. */
export type GroupPlace = readonly (string | number | null)[]

type Unit = { record: UsageRecord; entry: AttemptEntry | null; tool: string | null }

/** The value of one key. `entry` and `tool` are given where the groups are of attempts or tools. */
export function groupValue(
  key: GroupKey,
  { record, entry, tool }: Unit,
  zone: string,
): string | number | null {
  if (key.startsWith('tag:')) {
    const name = key.slice('tag:'.length)
    return Object.hasOwn(record.tags, name) ? (record.tags[name] ?? null) : null
  }
  switch (key as Exclude<GroupKey, `tag:${string}`>) {
    case 'backend':
      return entry?.backend_instance_id ?? record.backend_instance_id
    case 'backend_type':
      return entry?.backend_type ?? record.backend_type
    case 'model':
      return entry?.model ?? record.model
    case 'frontend_type':
      return record.frontend_type
    case 'session_id':
      return record.session_id
    case 'client_app':
      return record.client_app
    case 'proxy_user':
      return record.proxy_user
    case 'status':
      return entry ? entry.http_status_code : record.http_status_code
    case 'outcome':
      return record.outcome
    case 'tool':
      return tool
    default:
      return timeValue(key, Date.parse(record.timestamp), zone)
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
  const week = Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1
  return `${thursday.getUTCFullYear()}-W${two(week)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
