import * as z from 'zod'
import type { RuleEffectiveness } from '../../../replacement/effectiveness/index.ts'
import type { CountersSummary } from '../../../replacement/metrics/counters.ts'
import { amount, count, maybeAmount, maybeCount, named, text, time, yes } from './words.ts'

const counts = z.record(z.string(), count)

const measured = {
  error_rate: maybeAmount,
  ttft_p50_ms: maybeAmount,
  duration_p50_ms: maybeAmount,
  tokens_per_request: maybeAmount,
  cost_per_request: maybeAmount,
  tool_call_rate: maybeAmount,
}
const side = named('ReplacementSide', z.strictObject({ requests: count, ...measured }))

const effectiveness = z.strictObject({
  from: text,
  to: text,
  replaced: side,
  baseline: side,
  difference: z.strictObject(measured).describe('Replaced − baseline'),
  cost_saved: maybeAmount.describe('US dollars; negative: they cost more'),
  enough_data: yes,
  cost_per_request_interval: z
    .tuple([amount, amount])
    .nullable()
    .describe('95 % of the difference in US dollars a request'),
} satisfies Record<keyof RuleEffectiveness, z.ZodType>)

const distribution = z.strictObject({
  ...{ count, min: maybeCount, max: maybeCount, avg: maybeAmount, p50: maybeCount, p95: maybeCount },
  distribution: counts,
})

const counters = {
  started_at: time,
  elapsed_seconds: amount,
  activation_metrics: z.strictObject({
    total_activations: count,
    activation_rate_per_second: amount,
    activations_last_60s: count,
    activation_ratio: maybeAmount,
    unique_sessions_activated: count,
    by_rule: counts,
    by_target: counts,
  }),
  turn_count_metrics: z.strictObject({
    total_turns_completed: count,
    average_turn_count: maybeAmount,
    turn_count_distribution: counts,
    turns_before_activation: distribution,
    unique_sessions_with_turns: count,
  }),
  opt_out_metrics: z.strictObject({
    total_opt_outs: count,
    header_opt_outs: count,
    session_opt_outs: count,
    opt_out_rate_per_second: amount,
    opt_outs_last_60s: count,
    unique_sessions_opted_out: count,
    opt_out_ratio: maybeAmount,
  }),
  probability_check_metrics: z.strictObject({
    total_probability_checks: count,
    unique_sessions_checked: count,
    observed_probability: maybeAmount,
  }),
} satisfies Record<keyof CountersSummary, z.ZodType>

export const replacementMetrics = named(
  'ReplacementMetrics',
  z.strictObject({
    enabled: yes,
    probability: amount,
    turn_count: count,
    rules: z.array(z.strictObject({ from_pattern: text, to_backend: text, to_model: text })),
    ...counters,
    effectiveness: z
      .array(named('RuleEffectiveness', effectiveness))
      .nullable()
      .describe('From the ledger; null without one'),
    effectiveness_reason: text.optional(),
  }),
)

export const metricsReset = z.strictObject({ reset: z.literal(true) })
export const optedOut = z.strictObject({ session_id: text, opted_out: z.literal(true) })
export const optedIn = z.strictObject({ session_id: text, opted_out: z.literal(false) })
