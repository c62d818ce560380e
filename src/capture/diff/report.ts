import type { Json } from '../../core/json.ts'
import type { ComparedPair, NamedExchange } from './captures.ts'
import type { CompareLevel, Difference } from './difference.ts'
import type { ExchangeComparison, LocatedDifference } from './exchanges.ts'
import { type DiffLine, textDiff } from './text-diff.ts'
import { type AnswerTiming, percentile } from './timing.ts'

/** One pair as `--json` gives it. */
export interface PairReport {
  type: 'pair'
  by: string
  verdict: ExchangeComparison['verdict']
  before: ExchangeReport
  after: ExchangeReport
  differences: DifferenceReport[]
  missing_bytes: number
  timing: { before: TimingReport; after: TimingReport }
}

/** Without its like; or, `apart`, with one that stands too far away in its file to be compared. */
export type LoneReport =
  | { type: 'only'; side: 'before' | 'after'; exchange: ExchangeReport }
  | { type: 'apart'; before: ExchangeReport; after: ExchangeReport }

export interface ExchangeReport {
  exchange: string
  session: string | null
  turn: number | null
  model: string | null
  opened_at: string
}

export interface DifferenceReport {
  leg: LocatedDifference['leg']
  path: string
  kind: LocatedDifference['kind']
  /** Not there: it is not on this side. */
  before?: Json
  after?: Json
  /** Of longer texts. */
  text_diff?: DiffLine[]
}

export interface TimingReport {
  ttft_ms: number | null
  total_ms: number | null
  gap_p50_ms: number | null
  gap_p95_ms: number | null
}

export interface SummaryReport {
  type: 'summary'
  level: CompareLevel
  same: number
  different: number
  unproven: number
  only_before: number
  only_after: number
  apart: number
  /** Medians over the pairs; judged apart. */
  timing: { before: TimingReport; after: TimingReport }
}

const shortText = 60

/** A pair, or what has none, in the words of the contract. */
export function pairReport(pair: ComparedPair): PairReport | LoneReport {
  if (pair.kind === 'only') return { type: 'only', side: pair.side, exchange: exchangeReport(pair.exchange) }
  const sides = { before: exchangeReport(pair.before), after: exchangeReport(pair.after) }
  if (pair.kind === 'apart') return { type: 'apart', ...sides }
  const { verdict, differences, missing, timing } = pair.comparison
  return {
    ...{ type: 'pair', by: pair.by, verdict, ...sides },
    differences: differences.map(differenceReport),
    missing_bytes: missing,
    timing: { before: timingReport(timing.before), after: timingReport(timing.after) },
  }
}

function exchangeReport({ id, session, turn, model, openedAtNs }: NamedExchange): ExchangeReport {
  return { exchange: id, session, turn, model, opened_at: new Date(openedAtNs / 1e6).toISOString() }
}

/** A longer text with its lines that went and came. */
export function differenceReport<Located extends Difference>({
  before,
  after,
  ...place
}: Located): Omit<Located, 'before' | 'after'> & Pick<DifferenceReport, 'before' | 'after' | 'text_diff'> {
  const areTexts = typeof before === 'string' && typeof after === 'string'
  const isLong = areTexts && Math.max(before.length, after.length) > shortText
  return {
    ...place,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(areTexts && isLong && { text_diff: textDiff(before, after) }),
  }
}

export function timingReport(timing: AnswerTiming | null): TimingReport {
  if (!timing) return { ttft_ms: null, total_ms: null, gap_p50_ms: null, gap_p95_ms: null }
  const { ttftMs, totalMs, gapsMs } = timing
  return {
    ...{ ttft_ms: ttftMs, total_ms: totalMs },
    ...{ gap_p50_ms: percentile(gapsMs, 0.5), gap_p95_ms: percentile(gapsMs, 0.95) },
  }
}

/** Counts what was compared. */
export class DiffSummary {
  readonly #level: CompareLevel
  readonly #counts = { same: 0, different: 0, unproven: 0, only_before: 0, only_after: 0, apart: 0 }
  readonly #timings: PairReport['timing'][] = []

  constructor(level: CompareLevel) {
    this.#level = level
  }

  add(report: PairReport | LoneReport): void {
    if (report.type === 'pair') {
      this.#counts[report.verdict]++
      this.#timings.push(report.timing)
    } else if (report.type === 'only') this.#counts[`only_${report.side}`]++
    else this.#counts.apart++
  }

  /** Nothing was there to be compared. */
  get isEmpty(): boolean {
    return Object.values(this.#counts).every((count) => count === 0)
  }

  get isSame(): boolean {
    const { same: _, ...others } = this.#counts
    return Object.values(others).every((count) => count === 0)
  }

  report(): SummaryReport {
    const timing = { before: this.#medians('before'), after: this.#medians('after') }
    return { type: 'summary', level: this.#level, ...this.#counts, timing }
  }

  #medians(side: 'before' | 'after'): TimingReport {
    const median = (name: keyof TimingReport) => {
      const known = this.#timings.map((timing) => timing[side][name]).filter((value) => value !== null)
      return percentile(known, 0.5)
    }
    return {
      ...{ ttft_ms: median('ttft_ms'), total_ms: median('total_ms') },
      ...{ gap_p50_ms: median('gap_p50_ms'), gap_p95_ms: median('gap_p95_ms') },
    }
  }
}
