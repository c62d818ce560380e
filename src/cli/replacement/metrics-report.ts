import { arrayAt, isObject, type JsonObject, numberAt, objectAt, stringAt } from '../../core/json.ts'

/** What the command line reads of `GET /v1/replacement/metrics`. What is not known, or not said, is null. */
export interface MetricsReport {
  isEnabled: boolean | null
  probability: number | null
  turnCount: number | null
  rules: readonly RuleSetting[] | null
  startedAtMs: number | null
  elapsedMs: number | null
  activations: ActivationCounts | null
  turns: TurnCounts | null
  optOuts: OptOutCounts | null
  rolls: RollCounts | null
  effectiveness: readonly Comparison[] | null
  /** Why there is no effectiveness. */
  effectivenessReason: string | null
}

export interface RuleSetting {
  from: string
  /** `backend:model` */
  to: string
}

/** How often something happened. */
export interface Happened {
  total: number | null
  sessions: number | null
}

export interface ActivationCounts extends Happened {
  lastMinute: number | null
  perSecond: number | null
  /** Of the rolls. */
  ratio: number | null
  /** By `FROM=BACKEND:MODEL`. */
  byRule: ReadonlyMap<string, number> | null
  /** By `BACKEND:MODEL`. */
  byTarget: ReadonlyMap<string, number> | null
}

export interface TurnCounts extends Happened {
  /** Of a window. */
  average: number | null
  /** Windows by how many turns they had. */
  windowsByTurns: ReadonlyMap<string, number> | null
  beforeActivation: { min: number | null; max: number | null; avg: number | null } & Quantiles
}

interface Quantiles {
  p50: number | null
  p95: number | null
}

export interface OptOutCounts extends Happened {
  byHeader: number | null
  bySession: number | null
  lastMinute: number | null
  perSecond: number | null
  /** Of the requests that replacement was asked about. */
  ratio: number | null
}

export interface RollCounts extends Happened {
  observed: number | null
}

/** A rule's replaced requests beside those whose roll was lost. */
export interface Comparison {
  from: string
  to: string
  replaced: Outcomes
  baseline: Outcomes
  /** Replaced less baseline; of requests there is none. */
  difference: Outcomes
  costSavedUsd: number | null
  hasEnoughData: boolean | null
  /** Within which the difference of cost lies, in USD a request. */
  interval: readonly [low: number, high: number] | null
}

export interface Outcomes {
  requests: number | null
  errorRate: number | null
  ttftP50Ms: number | null
  durationP50Ms: number | null
  tokensPerRequest: number | null
  costPerRequestUsd: number | null
  toolCallRate: number | null
}

/** A thousand years. */
const mostSeconds = 3e10

/** null: whatever answered, it was no metrics of ours. */
export function readMetrics(answer: unknown): MetricsReport | null {
  if (!isObject(answer) || !('activation_metrics' in answer || 'effectiveness' in answer)) return null
  const startedAtMs = Date.parse(stringAt(answer, 'started_at') ?? '')
  const elapsedSeconds = number(answer, 'elapsed_seconds')
  return {
    isEnabled: flag(answer, 'enabled'),
    probability: number(answer, 'probability'),
    turnCount: number(answer, 'turn_count'),
    rules: objects(answer, 'rules')?.map(ruleSetting) ?? null,
    startedAtMs: Number.isNaN(startedAtMs) ? null : startedAtMs,
    elapsedMs: elapsedSeconds === null || elapsedSeconds > mostSeconds ? null : elapsedSeconds * 1_000,
    activations: part(answer, 'activation_metrics', activationCounts),
    turns: part(answer, 'turn_count_metrics', turnCounts),
    optOuts: part(answer, 'opt_out_metrics', optOutCounts),
    rolls: part(answer, 'probability_check_metrics', rollCounts),
    effectiveness: objects(answer, 'effectiveness')?.map(comparison) ?? null,
    effectivenessReason: stringAt(answer, 'effectiveness_reason') ?? null,
  }
}

function ruleSetting(of: JsonObject): RuleSetting {
  return {
    from: stringAt(of, 'from_pattern') ?? '',
    to: `${stringAt(of, 'to_backend') ?? ''}:${stringAt(of, 'to_model') ?? ''}`,
  }
}

function activationCounts(of: JsonObject): ActivationCounts {
  return {
    total: number(of, 'total_activations'),
    sessions: number(of, 'unique_sessions_activated'),
    lastMinute: number(of, 'activations_last_60s'),
    perSecond: number(of, 'activation_rate_per_second'),
    ratio: number(of, 'activation_ratio'),
    byRule: counts(of, 'by_rule'),
    byTarget: counts(of, 'by_target'),
  }
}

function turnCounts(of: JsonObject): TurnCounts {
  const before = objectAt(of, 'turns_before_activation')
  return {
    total: number(of, 'total_turns_completed'),
    sessions: number(of, 'unique_sessions_with_turns'),
    average: number(of, 'average_turn_count'),
    windowsByTurns: counts(of, 'turn_count_distribution'),
    beforeActivation: {
      ...{ min: number(before, 'min'), max: number(before, 'max'), avg: number(before, 'avg') },
      ...{ p50: number(before, 'p50'), p95: number(before, 'p95') },
    },
  }
}

function optOutCounts(of: JsonObject): OptOutCounts {
  return {
    total: number(of, 'total_opt_outs'),
    sessions: number(of, 'unique_sessions_opted_out'),
    byHeader: number(of, 'header_opt_outs'),
    bySession: number(of, 'session_opt_outs'),
    lastMinute: number(of, 'opt_outs_last_60s'),
    perSecond: number(of, 'opt_out_rate_per_second'),
    ratio: number(of, 'opt_out_ratio'),
  }
}

function rollCounts(of: JsonObject): RollCounts {
  return {
    total: number(of, 'total_probability_checks'),
    sessions: number(of, 'unique_sessions_checked'),
    observed: number(of, 'observed_probability'),
  }
}

function comparison(of: JsonObject): Comparison {
  const [low, high] = arrayAt(of, 'cost_per_request_interval') ?? []
  return {
    from: stringAt(of, 'from') ?? '',
    to: stringAt(of, 'to') ?? '',
    replaced: outcomes(objectAt(of, 'replaced')),
    baseline: outcomes(objectAt(of, 'baseline')),
    difference: outcomes(objectAt(of, 'difference')),
    costSavedUsd: number(of, 'cost_saved'),
    hasEnoughData: flag(of, 'enough_data'),
    interval: isAmount(low) && isAmount(high) ? [low, high] : null,
  }
}

function isAmount(value: unknown): value is number {
  return Number.isFinite(value)
}

function outcomes(of: JsonObject | undefined): Outcomes {
  return {
    requests: number(of, 'requests'),
    errorRate: number(of, 'error_rate'),
    ttftP50Ms: number(of, 'ttft_p50_ms'),
    durationP50Ms: number(of, 'duration_p50_ms'),
    tokensPerRequest: number(of, 'tokens_per_request'),
    costPerRequestUsd: number(of, 'cost_per_request'),
    toolCallRate: number(of, 'tool_call_rate'),
  }
}

function part<T>(of: JsonObject, key: string, read: (part: JsonObject) => T): T | null {
  const found = objectAt(of, key)
  return found === undefined ? null : read(found)
}

function objects(of: JsonObject, key: string): JsonObject[] | undefined {
  return arrayAt(of, key)?.filter(isObject)
}

function counts(of: JsonObject, key: string): Map<string, number> | null {
  const found = objectAt(of, key)
  if (found === undefined) return null
  return new Map(Object.keys(found).map((name) => [name, numberAt(found, name) ?? 0]))
}

function number(of: JsonObject | undefined, key: string): number | null {
  return numberAt(of, key) ?? null
}

function flag(of: JsonObject, key: string): boolean | null {
  const value = of[key]
  return typeof value === 'boolean' ? value : null
}
