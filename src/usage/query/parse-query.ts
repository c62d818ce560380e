import { ProxyError } from '../../core/errors.ts'
import { legs, type ReplacementDecision } from '../../core/exchange.ts'
import { protocolNames } from '../../core/protocol-name.ts'
import type { Cursor } from '../stores/store.ts'
import { parseBound } from './dates.ts'
import { type GroupKey, groupKeys, type StatsQuery, type UsageFilter } from './filter.ts'
import { isTimeZone } from './local-time.ts'
import { bad, Parameters } from './parameters.ts'

/** The parameters of a filter, in the API's words. */
const filterNames = [
  ...(['backend_type', 'backend', 'model', 'requested_model', 'frontend_type', 'session_id'] as const),
  ...(['user_agent', 'client_app', 'proxy_user', 'tag', 'http_status_code', 'outcome'] as const),
  ...(['call_purpose', 'start_date', 'end_date', 'hour_of_day', 'day_of_week', 'time_zone'] as const),
  ...(['replaced', 'replacement'] as const),
] as const
/** What each question may be asked with; `query-schemas.ts` says of each what it takes. */
export const queryNames = {
  stats: [...filterNames, 'leg', 'group_by', 'order_by', 'limit'],
  recent: [...filterNames, 'limit', 'cursor'],
  export: [...filterNames, 'format'],
  compared: ['start_date', 'end_date', 'time_zone'],
} as const
export const mostGroups = 10_000
export const mostRecent = 1_000
export const usualRecent = 100
export const outcomes = ['complete', 'incomplete', 'error', 'rejected'] as const
export const purposes = ['chat', 'count_tokens', 'title', 'embedding', 'other'] as const
export const exportFormats = ['json', 'jsonl', 'csv'] as const
export const decisions = Object.keys({
  ...{
    replaced: 0,
    lost_roll: 0,
    first_turn: 0,
    cool_down: 0,
    opted_out: 0,
    no_place: 0,
    target_unusable: 0,
  },
} satisfies Record<ReplacementDecision, 0>) as ReplacementDecision[]

export interface QuerySource {
  query: URLSearchParams
  nowMs: number
  /** A session's id as records have it: clients' own ids are kept as hashes. */
  sessionIdsOf?: (asked: string) => readonly string[]
}

/** Errors of all: `bad_request`, naming the parameter. */
export function parseStatsQuery(source: QuerySource): StatsQuery {
  const parameters = new Parameters(source.query, queryNames.stats)
  return {
    filter: filterOf(parameters, source),
    leg: parameters.oneOf('leg', legs),
    groupBy: parameters.all('group_by', true).map(groupKey),
    orderBy: parameters.one('order_by'),
    limit: parameters.integer('limit', 1, mostGroups),
  }
}

export interface RecentQuery {
  filter: UsageFilter
  limit: number
  after: Cursor | null
}

export function parseRecentQuery(source: QuerySource): RecentQuery {
  const parameters = new Parameters(source.query, queryNames.recent)
  const cursor = parameters.one('cursor')
  return {
    filter: filterOf(parameters, source),
    limit: parameters.integer('limit', 1, mostRecent) ?? usualRecent,
    after: cursor === null ? null : parseCursor(cursor),
  }
}

export interface ExportQuery {
  filter: UsageFilter
  format: (typeof exportFormats)[number]
}

export function parseExportQuery(source: QuerySource): ExportQuery {
  const parameters = new Parameters(source.query, queryNames.export)
  for (const name of ['start_date', 'end_date']) {
    if (parameters.one(name) === null) throw bad(name, 'is missing: an export needs both ends of its window')
  }
  return {
    filter: filterOf(parameters, source),
    format: parameters.oneOf('format', exportFormats) ?? 'json',
  }
}

/** The window of a comparison, asked for as that of statistics is. */
export function parseComparedQuery(source: QuerySource): Pick<UsageFilter, 'fromMs' | 'untilMs'> {
  const parameters = new Parameters(source.query, queryNames.compared)
  const { fromMs, untilMs } = filterOf(parameters, source)
  return { fromMs, untilMs }
}

function filterOf(parameters: Parameters, { nowMs, sessionIdsOf }: QuerySource): UsageFilter {
  const timeZone = parameters.one('time_zone') ?? 'UTC'
  if (!isTimeZone(timeZone)) throw bad('time_zone', 'is no time zone; write Europe/Berlin or UTC')
  const bound = (name: 'start_date' | 'end_date') => {
    const text = parameters.one(name)
    const side = name === 'start_date' ? 'start' : 'end'
    return text === null ? null : parseBound(text, side, { timeZone, nowMs, param: name })
  }
  const [fromMs, untilMs] = [bound('start_date'), bound('end_date')]
  if (fromMs !== null && untilMs !== null && untilMs <= fromMs) {
    throw bad('end_date', 'is before "start_date"')
  }
  return {
    fromMs,
    untilMs,
    timeZone,
    hours: parameters.integers('hour_of_day', 0, 23),
    weekdays: parameters.integers('day_of_week', 0, 6),
    backendTypes: parameters.all('backend_type'),
    backends: parameters.all('backend'),
    models: parameters.all('model'),
    requestedModels: parameters.all('requested_model'),
    frontendTypes: parameters.allOf('frontend_type', protocolNames),
    sessionIds: parameters.all('session_id').flatMap((id) => sessionIdsOf?.(id) ?? [id]),
    userAgents: parameters.all('user_agent'),
    clientApps: parameters.all('client_app'),
    proxyUsers: parameters.all('proxy_user'),
    tags: parameters.all('tag'),
    statuses: parameters.integers('http_status_code', 100, 599),
    outcomes: parameters.allOf('outcome', outcomes),
    callPurposes: parameters.allOf('call_purpose', purposes),
    replaced: parameters.boolean('replaced'),
    replacementDecisions: parameters.allOf('replacement', decisions),
  }
}

function groupKey(text: string): GroupKey {
  if (text.startsWith('tag:') && text.length > 4) return text as GroupKey
  const found = groupKeys.find((key) => key === text)
  if (found) return found
  throw bad(
    'group_by',
    `cannot be ${JSON.stringify(text.slice(0, 64))}; it is one of ${groupKeys.join(', ')}, tag:NAME`,
  )
}

export function cursorText({ atMs, id }: Cursor): string {
  return `${atMs}.${id}`
}

function parseCursor(text: string): Cursor {
  const found = /^(\d{1,15})\.(.{1,64})$/.exec(text)
  if (!found)
    throw new ProxyError('bad_request', '"cursor" is none that this proxy gave', { param: 'cursor' })
  return { atMs: Number(found[1]), id: found[2] ?? '' }
}
