import type { GroupKey, StatsQuery } from '../query/filter.ts'
import { countsAttempts } from '../statistics/aggregate.ts'
import type { RollupKey } from './rollup-key.ts'

/** Groups that roll-ups can make; those of a time of day are a matter of which roll-ups cover the time. */
const groupsOfKey: Partial<Record<GroupKey, keyof RollupKey>> = {
  backend_type: 'backend_type',
  backend: 'backend_instance_id',
  model: 'model',
  frontend_type: 'frontend_type',
  client_app: 'client_app',
  proxy_user: 'proxy_user',
  status: 'http_status_code',
  outcome: 'outcome',
}
const groupsOfTime: readonly GroupKey[] = ['hour', 'day', 'week', 'month', 'hour_of_day', 'day_of_week']

/** Whether roll-ups know everything that a question asks about; else it is answered from the records. */
export function isAnswerable({ filter, groupBy }: StatsQuery): boolean {
  const asksOthers =
    filter.requestedModels.length > 0 ||
    filter.sessionIds.length > 0 ||
    filter.userAgents.length > 0 ||
    filter.tags.length > 0 ||
    filter.replacementDecisions.length > 0
  // By attempt a status is the backend's answer, which is not always what the client got.
  const asksAttemptStatus = countsAttempts({ filter, groupBy }) && groupBy.includes('status')
  const isKnown = (key: GroupKey) => key in groupsOfKey || groupsOfTime.includes(key)
  return !asksOthers && !asksAttemptStatus && groupBy.every(isKnown)
}

/** How finely time must be cut so that all records of one piece are in one group and fit the filter alike. */
export function grainOf({ filter, groupBy }: Pick<StatsQuery, 'filter' | 'groupBy'>): 'hour' | 'day' | 'any' {
  if (filter.hours.length > 0 || groupBy.includes('hour') || groupBy.includes('hour_of_day')) return 'hour'
  const asksDays =
    filter.weekdays.length > 0 || groupBy.some((key) => key !== 'hour' && groupsOfTime.includes(key))
  return asksDays ? 'day' : 'any'
}
