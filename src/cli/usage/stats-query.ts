import { type FilterValues, filterQuery } from './filter-flags.ts'

/** The command line's words for keys of groups that the API calls otherwise. */
const groupings: ReadonlyMap<string, string> = new Map([
  ['app', 'client_app'],
  ['user', 'proxy_user'],
  ['session', 'session_id'],
  ['frontend', 'frontend_type'],
  ['type', 'backend_type'],
])

export interface StatsValues extends FilterValues {
  'group-by'?: string[] | undefined
  leg?: string | undefined
  limit?: number | undefined
  chart?: string | undefined
  file?: string | undefined
}

/** What `usage stats` asks: without a period and a grouping the last seven days, today first. */
export function statsQuery(flags: StatsValues): { query: URLSearchParams; groupBy: string[] } {
  const isPlain = [flags['group-by'], flags.since, flags.until].every((value) => value === undefined)
  const byDefault = isPlain || flags.chart !== undefined ? ['day'] : []
  const groupBy = (flags['group-by'] ?? byDefault).map((key) => groupings.get(key) ?? key)
  const query = filterQuery(flags)
  // A ledger that is named is somebody's past as often as it is the last week.
  if (isPlain && flags.file === undefined) query.set('start_date', '7d')
  for (const key of groupBy) query.append('group_by', key)
  if (groupBy[0] === 'day' && flags.chart === undefined) query.set('order_by', '-day')
  if (flags.leg !== undefined) query.set('leg', flags.leg)
  if (flags.limit !== undefined) query.set('limit', String(flags.limit))
  return { query, groupBy }
}
