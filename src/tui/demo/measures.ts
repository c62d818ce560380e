import type {
  LiveCost,
  LivePercentiles,
  LiveSnapshot,
  LiveTraffic,
  Series,
} from '../../core/live-snapshot.ts'
import { closedS, costUsd, type DemoExchange, outputAt, savedUsd } from './demo-exchange.ts'

export const windows = { rate_seconds: 10, window_seconds: 300, step_seconds: 5, steps: 60 }
/** What the day before the recording cost. */
const usdBefore = 18.4

export function trafficAt(all: readonly DemoExchange[], atS: number): LiveTraffic {
  const since = (seconds: number) => all.filter((one) => openedWithin(one, atS - seconds, atS))
  const closed = closedWithin(all, atS - windows.window_seconds, atS)
  const errors = closed.filter(isError).length
  const perStep = steps(
    atS,
    (from, to) => all.filter((one) => openedWithin(one, from, to)).length / windows.step_seconds,
  )
  const recent = since(windows.rate_seconds)
  return {
    requests_per_second: recent.length / windows.rate_seconds,
    tokens_in_per_second: sum(recent, ({ promptTokens }) => promptTokens) / windows.rate_seconds,
    tokens_out_per_second: outputBetween(all, atS - windows.rate_seconds, atS) / windows.rate_seconds,
    requests: closed.length,
    errors,
    error_ratio: closed.length === 0 ? null : errors / closed.length,
    peak_requests_per_second: Math.max(...perStep.map((value) => value ?? 0)),
    series: {
      requests_per_second: perStep,
      tokens_per_second: steps(atS, (from, to) => outputBetween(all, from, to) / windows.step_seconds),
      error_ratio: steps(atS, (from, to) => {
        const ended = closedWithin(all, from, to)
        return ended.length === 0 ? null : ended.filter(isError).length / ended.length
      }),
    },
  }
}

export function latencyAt(all: readonly DemoExchange[], atS: number): LiveSnapshot['latency'] {
  return {
    ttft_ms: percentiles(all, atS, ({ firstTokenS }) => (firstTokenS === null ? null : firstTokenS * 1_000)),
    duration_ms: percentiles(all, atS, ({ endedS }) => endedS * 1_000),
    // A few milliseconds, more for longer prompts.
    overhead_ms: percentiles(all, atS, ({ promptTokens }) => 1.2 + promptTokens / 9_000),
  }
}

export function costAt(all: readonly DemoExchange[], atS: number): LiveCost {
  const closed = closedWithin(all, atS - windows.window_seconds, atS)
  const cached = sum(closed, ({ cachedTokens }) => cachedTokens)
  const usd = (some: readonly DemoExchange[]) => sum(some, (one) => costUsd(one) ?? 0)
  return {
    usd_per_hour: (usd(closed) * 3_600) / windows.window_seconds,
    usd_today: usdBefore + usd(closedWithin(all, Number.NEGATIVE_INFINITY, atS)),
    unpriced: closed.filter((one) => costUsd(one) === null).length,
    cache_ratio: cached / sum(closed, ({ promptTokens }) => promptTokens),
    cache_saved_usd: sum(closed, savedUsd),
    series: { usd: steps(atS, (from, to) => usd(closedWithin(all, from, to))) },
  }
}

export function percentileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}

export function closedWithin(all: readonly DemoExchange[], fromS: number, toS: number): DemoExchange[] {
  return all.filter((one) => closedS(one) > fromS && closedS(one) <= toS)
}

export function openedWithin({ openedS }: DemoExchange, fromS: number, toS: number): boolean {
  return openedS > fromS && openedS <= toS
}

export function outputBetween(all: readonly DemoExchange[], fromS: number, toS: number): number {
  return sum(all, (one) => outputAt(one, toS) - outputAt(one, fromS))
}

export function isError({ outcome }: DemoExchange): boolean {
  return outcome === 'error'
}

export function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function percentiles(
  all: readonly DemoExchange[],
  atS: number,
  of: (exchange: DemoExchange) => number | null,
): LivePercentiles {
  const between = (from: number, to: number) => closedWithin(all, from, to).flatMap((one) => of(one) ?? [])
  const values = between(atS - windows.window_seconds, atS)
  const series = (share: number) => steps(atS, (from, to) => percentileOf(between(from, to), share))
  return {
    ...{ p50: percentileOf(values, 0.5), p95: percentileOf(values, 0.95), p99: percentileOf(values, 0.99) },
    count: values.length,
    series: { p50: series(0.5), p95: series(0.95) },
  }
}

/** Steps end at whole multiples of their length, so that one is the same from one second to the next. */
function steps(atS: number, of: (fromS: number, toS: number) => number | null): Series {
  const lastEndS = Math.ceil(atS / windows.step_seconds) * windows.step_seconds
  return Array.from({ length: windows.steps }, (_, at) => {
    const endS = lastEndS - (windows.steps - 1 - at) * windows.step_seconds
    return of(endS - windows.step_seconds, Math.min(endS, atS))
  })
}
