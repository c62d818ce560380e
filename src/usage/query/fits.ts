import type { AttemptEntry, UsageRecord } from '../record/record.ts'
import type { UsageFilter } from './filter.ts'
import { localTime } from './local-time.ts'
import { fitsModel } from './name-patterns.ts'

/** Whether a filter means a record; with `backends`, whether it means one of its attempts. */
export function fits(record: UsageRecord, filter: UsageFilter): boolean {
  return (
    fitsTime(Date.parse(record.timestamp), filter) &&
    oneOf(filter.backendTypes, record.backend_type) &&
    (filter.backends.length === 0 || record.attempt_log.some((entry) => fitsBackend(entry, filter))) &&
    someModel(filter.models, record.model) &&
    someModel(filter.requestedModels, record.requested_model) &&
    oneOf(filter.frontendTypes, record.frontend_type) &&
    oneOf(filter.sessionIds, record.session_id) &&
    oneOf(filter.userAgents, record.user_agent) &&
    oneOf(filter.clientApps, record.client_app) &&
    oneOf(filter.proxyUsers, record.proxy_user) &&
    (filter.tags.length === 0 || filter.tags.some((tag) => hasTag(record.tags, tag))) &&
    oneOf(filter.statuses, record.http_status_code) &&
    oneOf(filter.outcomes, record.outcome) &&
    (filter.callPurposes.length === 0
      ? record.call_purpose !== 'count_tokens'
      : filter.callPurposes.includes(record.call_purpose)) &&
    (filter.replaced === null || filter.replaced === record.replaced)
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

function someModel(wanted: readonly string[], model: string | null): boolean {
  return wanted.length === 0 || (model !== null && wanted.some((one) => fitsModel(model, one)))
}

function oneOf<T>(wanted: readonly T[], value: T | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}
