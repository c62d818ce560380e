import { plainFilters, type UsageFilter } from './filter.ts'

/** A filter in the API's words, without what it leaves open. */
export function shownFilter(filter: UsageFilter): Record<string, unknown> {
  const all: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(plainFilters).map(([name, key]) => [name, filter[key]])),
    backend: filter.backends,
    model: filter.models,
    requested_model: filter.requestedModels,
    tag: filter.tags,
    call_purpose: filter.callPurposes,
    hour_of_day: filter.hours,
    day_of_week: filter.weekdays,
    start_date: moment(filter.fromMs),
    // Inclusive, as it is asked.
    end_date: moment(filter.untilMs === null ? null : filter.untilMs - 1),
    time_zone: filter.timeZone,
    replaced: filter.replaced,
    replacement: filter.replacementDecisions,
  }
  return Object.fromEntries(
    Object.entries(all).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
