import { mean, type Sample, type Trend, trendOf } from './trend.ts'

export interface MemorySample {
  atMs: number
  liveMb: number
  rssMb: number
  /** Exchanges so far. */
  exchanges: number
}

/** What may be added in an hour where nothing leaks: of live memory, and of resident memory, which also frays. */
const mayGrowMb = { live: 5, resident: 20 } as const
/** The proxy remembers so many conversations, each with at most so much, before it forgets the first. */
const remembered = 50_000
const rememberedMb = 0.001
/** Until then a process still takes what it will keep: so much live memory; its resident memory is not judged. */
const settlesMs = 10 * 60_000
const settlingMb = 10
/** What the interval has to be short enough for: a run from this on says that memory is flat, or has failed. */
const conclusiveMs = 50 * 60_000

export interface Verdict {
  line: string
  miss: string | null
}

/** Whether memory is flat over the last two thirds, beyond what is remembered on purpose until that is full. */
export function memoryVerdicts(samples: readonly MemorySample[]): Verdict[] {
  const series = (measure: (sample: MemorySample) => number): Sample[] =>
    samples.map((sample) => ({ atMs: sample.atMs, value: measure(sample) }))
  const fill = trendOf(
    series(({ exchanges }) => Math.min(remembered, exchanges) * rememberedMb),
    mean,
  ).perHour
  const tookMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)
  const isSettling = tookMs < settlesMs
  const live = trendOf(
    series(({ liveMb }) => liveMb),
    mean,
  )
  const resident = trendOf(
    series(({ rssMb }) => rssMb),
    (window) => Math.min(...window),
  )
  return [
    verdict(
      'live',
      live,
      isSettling ? fill + settlingMb / ((tookMs * 2) / 3 / 3_600_000) : fill,
      tookMs >= conclusiveMs,
    ),
    isSettling
      ? { line: `resident memory: ${range(samples)} MB`, miss: null }
      : verdict('resident', resident, fill, tookMs >= conclusiveMs),
  ]
}

function range(samples: readonly MemorySample[]): string {
  const sorted = samples.map(({ rssMb }) => rssMb).sort((a, b) => a - b)
  return `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`
}

function verdict(what: keyof typeof mayGrowMb, trend: Trend, fill: number, isConclusive: boolean): Verdict {
  const bound = mayGrowMb[what] + fill
  const known = `${trend.perHour.toFixed(1)} ± ${trend.plusMinus.toFixed(1)} MB/h`
  const allowed = `${bound.toFixed(0)} MB/h`
  const line = `${what} memory grows by ${known} (95 %), allowed are ${allowed}`
  if (trend.perHour - trend.plusMinus > bound)
    return { line, miss: `${what} memory grows by ${known}: more than ${allowed}` }
  const isShown = trend.perHour + trend.plusMinus <= bound
  if (isShown) return { line: `${line}: flat`, miss: null }
  const open = `${line}: no leak shown, and not that there is none`
  return { line: open, miss: isConclusive ? open : null }
}
