import type { CallPurpose, Leg, Outcome, ReplacementDecision } from '../../core/exchange.ts'
import type { UsageRecord } from '../record/record.ts'

/** Which records are meant. Several values of one kind: any of them; of several kinds: all must fit. */
export interface UsageFilter {
  /** From here on, milliseconds since 1970; null: from the first. */
  fromMs: number | null
  /** Up to here, exclusive. */
  untilMs: number | null
  /** For `hours`, `weekdays` and groups of days. */
  timeZone: string
  /** 0–23 */
  hours: readonly number[]
  /** 0 = Monday */
  weekdays: readonly number[]
  backendTypes: readonly string[]
  /** Names or types; these count attempts. */
  backends: readonly string[]
  /** `claude-3-5-sonnet` fits the dated name too, `*` is a wildcard. */
  models: readonly string[]
  requestedModels: readonly string[]
  frontendTypes: readonly string[]
  sessionIds: readonly string[]
  userAgents: readonly string[]
  clientApps: readonly string[]
  proxyUsers: readonly string[]
  /** `name=value`, or `name` for any value. */
  tags: readonly string[]
  statuses: readonly number[]
  outcomes: readonly Outcome[]
  /** Empty: all but `count_tokens`. */
  callPurposes: readonly CallPurpose[]
  replaced: boolean | null
  /** What random replacement decided; empty: all, also those that no rule concerned. */
  replacementDecisions: readonly ReplacementDecision[]
}

/** Filters that mean a field of the record as it is, any of the values: by the field's name. */
export const plainFilters = {
  backend_type: 'backendTypes',
  frontend_type: 'frontendTypes',
  session_id: 'sessionIds',
  user_agent: 'userAgents',
  client_app: 'clientApps',
  proxy_user: 'proxyUsers',
  http_status_code: 'statuses',
  outcome: 'outcomes',
} as const satisfies Partial<Record<keyof UsageRecord, keyof UsageFilter>>
export type PlainField = keyof typeof plainFilters

export const groupKeys = [
  'backend_type',
  'backend',
  'model',
  'frontend_type',
  'session_id',
  'client_app',
  'proxy_user',
  'day',
  'week',
  'month',
  'hour',
  'hour_of_day',
  'day_of_week',
  'status',
  'outcome',
  'tool',
] as const
export type GroupKey = (typeof groupKeys)[number] | `tag:${string}`

/** What `GET /v1/usage/stats` asks. */
export interface StatsQuery {
  filter: UsageFilter
  /** Which of the four counts the prompt and completion totals are; null: the prompt as sent, the completion as received. */
  leg: Leg | null
  groupBy: readonly GroupKey[]
  /** A member of the groups' statistics; a `-` before it: largest first. */
  orderBy: string | null
  limit: number | null
}

export const everything: UsageFilter = {
  fromMs: null,
  untilMs: null,
  timeZone: 'UTC',
  hours: [],
  weekdays: [],
  backendTypes: [],
  backends: [],
  models: [],
  requestedModels: [],
  frontendTypes: [],
  sessionIds: [],
  userAgents: [],
  clientApps: [],
  proxyUsers: [],
  tags: [],
  statuses: [],
  outcomes: [],
  callPurposes: [],
  replaced: null,
  replacementDecisions: [],
}
