import type { LiveSnapshot, Series } from '../../core/live-snapshot.ts'
import { beside, box } from '../box.ts'
import { counted, durationFigure, percentFigure, rateFigure, tokensFigure, usdFigure } from '../figures.ts'
import { type Line, line, type Span, sized, span } from '../lines.ts'
import { sparkline } from '../sparkline.ts'
import { errorTone, type Style, ttftTone } from '../theme.ts'
import { figure } from '../words.ts'

/** Traffic, latency and cost in three frames of five lines. */
export function meterBoxes(snapshot: LiveSnapshot, width: number): Line[] {
  const side = Math.floor(width * 0.32)
  const widths = [width - 2 * side, side, side] as const
  const [traffic, latency, cost] = [trafficLines, latencyLines, costLines].map((of, at) => {
    return of(snapshot, (widths[at] ?? side) - 2)
  })
  const window = ` ${windowText(snapshot)}`
  const framed = (title: string, content: readonly Line[], own: number, words = window) =>
    box(content, { title: line(span(title, 'strong'), muted(words)), width: own, height: 5 })
  return beside(
    framed('Traffic', traffic ?? [], widths[0], ` ${snapshot.windows.rate_seconds}s, bars${window}`),
    framed('Latency', latency ?? [], widths[1]),
    framed('Cost', cost ?? [], widths[2]),
  )
}

/** The same in one line, for a small terminal. */
export function meterLine(snapshot: LiveSnapshot, width: number): Line {
  const { traffic, latency, cost } = snapshot
  const step = stepOf(snapshot)
  const parts: Line[] = [
    line(
      muted(' req/s '),
      rateFigure(traffic.requests_per_second),
      ' ',
      spark(traffic.series.requests_per_second, 6, step),
    ),
    line(
      muted('tok/s '),
      rateFigure(tokensPerSecond(snapshot)),
      ' ',
      spark(traffic.series.tokens_per_second, 6, step),
    ),
    line(muted('err '), errorFigure(traffic.error_ratio)),
    line(muted('TTFT '), ttftFigure(latency.ttft_ms.p50), muted('/'), ttftFigure(latency.ttft_ms.p95)),
    line(figure(usdFigure(cost.usd_per_hour)), muted('/h')),
  ]
  return sized(
    parts.flatMap((part, at) => (at === 0 ? part : [span('  '), ...part])),
    width,
  )
}

/** For a terminal that has room for nothing else. */
export function numbersLine({ traffic, cost, in_flight_total: inFlight }: LiveSnapshot): Line {
  return line(
    ` ${inFlight} in flight  ${rateFigure(traffic.requests_per_second)} req/s  err `,
    errorFigure(traffic.error_ratio),
    `  ${usdFigure(cost.usd_per_hour)}/h`,
  )
}

function trafficLines(snapshot: LiveSnapshot, width: number): Line[] {
  const { traffic } = snapshot
  const step = stepOf(snapshot)
  const row = (label: string, value: Span, series: Series, tail: string, style?: Style) =>
    withSpark({ label, value, tail, series, width, step, style })
  return [
    row(
      'req/s ',
      span(rateFigure(traffic.requests_per_second)),
      traffic.series.requests_per_second,
      `peak ${rateFigure(traffic.peak_requests_per_second)}`,
    ),
    row(
      'tok/s ',
      span(rateFigure(tokensPerSecond(snapshot))),
      traffic.series.tokens_per_second,
      `in ${rateFigure(traffic.tokens_in_per_second)}`,
    ),
    row(
      'errors',
      errorFigure(traffic.error_ratio),
      traffic.series.error_ratio,
      `${tokensFigure(traffic.errors)} of ${tokensFigure(traffic.requests)}`,
    ),
  ]
}

function latencyLines(snapshot: LiveSnapshot, width: number): Line[] {
  const { ttft_ms: ttft, overhead_ms: overhead } = snapshot.latency
  const step = stepOf(snapshot)
  const row = (label: string, value: Span, series: Series, tail: string) =>
    withSpark({ label, value, tail, series, width, step })
  return [
    row('TTFT  p50', ttftFigure(ttft.p50), ttft.series.p50, ''),
    row('      p95', ttftFigure(ttft.p95), ttft.series.p95, ''),
    row('proxy p95', figure(durationFigure(overhead.p95)), overhead.series.p95, ''),
  ]
}

function costLines(snapshot: LiveSnapshot, width: number): Line[] {
  const { cost } = snapshot
  const unpriced = cost.unpriced === 0 ? '' : `${tokensFigure(cost.unpriced)} unpriced`
  const saved = cost.cache_saved_usd === null ? '' : `saved ${counted(usdFigure(cost.cache_saved_usd))}`
  return [
    withSpark({
      ...{ label: 'now  ', value: perHour(cost.usd_per_hour), tail: '' },
      ...{ series: cost.series.usd, width, step: stepOf(snapshot) },
    }),
    line(
      muted(' today '),
      figure(usdFigure(cost.usd_today).padStart(8)),
      muted(unpriced === '' ? '' : `  ${unpriced}`),
    ),
    line(
      muted(' cache '),
      figure(percentFigure(cost.cache_ratio).padStart(8)),
      muted(saved === '' ? '' : `  ${saved}`),
    ),
  ]
}

interface SparkRow {
  label: string
  value: Span
  series: Series
  tail: string
  width: number
  step: number
  style?: Style | undefined
}

/** A label, its number, how that was in the last minutes, and what else is to say. */
function withSpark({ label, value, series, tail, width, step }: SparkRow): Line {
  const valueWidth = Math.max(value.text.length, 6)
  const tailWidth = tail === '' ? 0 : 11
  const room = Math.min(series.length, width - 3 - label.length - 1 - valueWidth - tailWidth)
  const tailText = tail === '' ? '' : tail.padStart(tailWidth)
  return line(
    muted(` ${label} `),
    { ...value, text: value.text.padStart(valueWidth) },
    ' ',
    spark(series, room, step),
    muted(tailText),
  )
}

/** In and out together. */
function tokensPerSecond({ traffic }: LiveSnapshot): number {
  return traffic.tokens_in_per_second + traffic.tokens_out_per_second
}

function perHour(usd: number | null): Span {
  return usd === null ? figure(usdFigure(usd)) : span(`${usdFigure(usd)}/h`)
}

function errorFigure(ratio: number | null): Span {
  return figure(percentFigure(ratio), errorTone(ratio))
}

function ttftFigure(ms: number | null): Span {
  return figure(durationFigure(ms), ttftTone(ms))
}

function spark(series: Series, width: number, step: number): Span {
  return span(sparkline(series, width, step), 'good')
}

function muted(text: string): Span {
  return span(text, 'muted')
}

/** The number of the newest step since 1970, so that what is drawn of the same steps looks the same. */
function stepOf({ at, windows }: LiveSnapshot): number {
  const ms = Date.parse(at)
  return Number.isNaN(ms) || windows.step_seconds <= 0 ? 0 : Math.floor(ms / 1_000 / windows.step_seconds)
}

function windowText({ windows: { window_seconds: seconds } }: LiveSnapshot): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}
