import * as z from 'zod'
import type { LiveSnapshot } from '../core/live-snapshot.ts'
import { printable } from '../core/printable.ts'

// The one place where what a proxy tells comes in. Every text is made fit for a terminal here, so that no panel can forget it.

const longestText = 500
/** U+FE0F makes a narrow sign wide in some terminals only. */
const text = z.string().transform((value) => printable(value, longestText).replaceAll('\ufe0f', ''))
const number = z.number()
const maybeText = text.nullable()
const maybeNumber = number.nullable()
const series = z.array(maybeNumber)

/** A word that a newer proxy may have more of: it is shown as it is. */
const word = <Word extends string>() => text as unknown as z.ZodType<Word>

const percentiles = z.object({
  ...{ p50: maybeNumber, p95: maybeNumber, p99: maybeNumber, count: number },
  series: z.object({ p50: series, p95: series }),
})

type CircuitTurn = LiveSnapshot['backends'][number]['circuit_history'][number]
const backend = z.object({
  ...{ name: text, backend_type: text, state: word<LiveSnapshot['backends'][number]['state']>() },
  ...{ reason: maybeText, retry_at: maybeText, in_flight: number, queued: number },
  circuit_history: z
    .array(z.object({ at: text, state: word<CircuitTurn['state']>(), reason: maybeText }))
    // Older proxies do not tell.
    .default([]),
  quota: z.object({ name: text, used_ratio: maybeNumber, resets_at: maybeText }).nullable(),
  ...{ requests_per_second: number, requests: number, errors: number, error_ratio: maybeNumber },
  ttft_ms: z.object({ p50: maybeNumber, p95: maybeNumber }),
  ...{ tokens_out_per_second: number, usd_per_hour: maybeNumber },
  last_error: z.object({ at: text, text }).nullable(),
})

type Exchange = LiveSnapshot['in_flight'][number]
const exchange = z.object({
  ...{ id: text, age_ms: number, state: word<Exchange['state']>(), state_ms: number },
  ...{ waiting_for: word<Exchange['waiting_for']>(), frontend: word<Exchange['frontend']>() },
  ...{ client_app: maybeText, proxy_user: maybeText, session_id: maybeText, turn_number: maybeNumber },
  ...{ requested_model: maybeText, backend: maybeText, model: maybeText, attempt: number, attempts: number },
  ...{ output_tokens: maybeNumber, tps: maybeNumber, ttft_ms: maybeNumber, cost_usd: maybeNumber },
  replaced: z.boolean(),
})

type Recent = LiveSnapshot['recent'][number]
const recent = z.object({
  ...{ id: text, at: text, status: maybeNumber, outcome: word<Recent['outcome']>() },
  ...{ incomplete_reason: word<NonNullable<Recent['incomplete_reason']>>().nullable(), error: maybeText },
  ...{ frontend: word<Recent['frontend']>(), client_app: maybeText, session_id: maybeText },
  ...{ turn_number: maybeNumber, call_purpose: word<Recent['call_purpose']>(), requested_model: maybeText },
  ...{ backend: maybeText, model: maybeText, attempts: number, prompt_tokens: maybeNumber },
  ...{ completion_tokens: maybeNumber, cached_tokens: maybeNumber, tokens_reported: z.boolean() },
  ...{ ttft_ms: maybeNumber, duration_ms: number, cost_usd: maybeNumber },
  ...{ replacement: word<NonNullable<Recent['replacement']>>().nullable(), issue: maybeText },
})

const session = z.object({
  ...{ id: text, client_app: maybeText, turns: number, tokens: number, cost_usd: maybeNumber },
  ...{ in_flight: number, last_end_ms_ago: maybeNumber, last_stop: maybeText, client_runs: z.array(text) },
  issues: number,
})

type Issue = LiveSnapshot['issues'][number]
const issue = z.object({
  ...{
    code: text,
    severity: word<Issue['severity']>(),
    fault: word<NonNullable<Issue['fault']>>().nullable(),
  },
  ...{ exchange_id: maybeText, session_id: maybeText, at: maybeText, description: text },
})

const snapshotShape = z.object({
  ...{ version: text, at: text, uptime_seconds: number, draining: z.boolean() },
  windows: z.object({ rate_seconds: number, window_seconds: number, step_seconds: number, steps: number }),
  traffic: z.object({
    ...{ requests_per_second: number, tokens_in_per_second: number, tokens_out_per_second: number },
    ...{ requests: number, errors: number, error_ratio: maybeNumber, peak_requests_per_second: number },
    series: z.object({ requests_per_second: series, tokens_per_second: series, error_ratio: series }),
  }),
  latency: z.object({ ttft_ms: percentiles, duration_ms: percentiles, overhead_ms: percentiles }),
  cost: z.object({
    ...{ usd_per_hour: maybeNumber, usd_today: maybeNumber, unpriced: number, cache_ratio: maybeNumber },
    ...{ cache_saved_usd: maybeNumber, series: z.object({ usd: series }) },
  }),
  ...{ backends: z.array(backend), in_flight_total: number, in_flight: z.array(exchange) },
  ...{ recent: z.array(recent), sessions_total: number, sessions: z.array(session) },
  ...{ issues_total: number, issues: z.array(issue) },
}) satisfies z.ZodType<LiveSnapshot>

/** An answer as a snapshot; null: it is none. */
export function readSnapshot(answer: unknown): LiveSnapshot | null {
  const read = snapshotShape.safeParse(answer)
  return read.success ? read.data : null
}
