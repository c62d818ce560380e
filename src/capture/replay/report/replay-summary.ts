import type { CompareLevel } from '../../diff/difference.ts'
import { percentile } from '../../diff/timing.ts'
import type { ReplayedExchange, ReplayOutcome } from '../outcome.ts'
import { TimingJudge, type TimingVerdict } from './timing-verdict.ts'

export type ReplayMode = 'against' | 'self' | 'live'

/** How a replay ended, beside its exchanges. */
export interface ReplayEnd {
  interrupted: boolean
  /** Why nothing more was sent, in words. */
  stopped: string | null
  /** Of a live replay; null: not known. */
  costUsd: number | null
  /** Some of it is the most that it can have been. */
  isCostEstimated: boolean
  /** The capture of the new run. */
  saved: string | null
}

/** The last line of `--json`. */
export interface ReplaySummaryReport extends Record<ReplayOutcome['verdict'], number> {
  type: 'summary'
  mode: ReplayMode
  target: string | null
  level: CompareLevel
  interrupted: boolean
  stopped: string | null
  /** Judged apart: it is no difference. */
  timing: TimingVerdict
  /** How late requests were sent; null: they were not sent by the recording's times. */
  pacing: { p50_ms: number; p95_ms: number } | null
  cost_usd: number | null
  cost_estimated: boolean
  saved: string | null
}

/** Counts what was replayed. */
export class ReplaySummary {
  readonly counts: Record<ReplayOutcome['verdict'], number> = {
    ...{ same: 0, different: 0, unproven: 0, skipped: 0, failed: 0 },
  }
  readonly #about: { mode: ReplayMode; target: string | null; level: CompareLevel }
  readonly #timing = new TimingJudge()
  readonly #lateMs: number[] = []
  #withoutCredential = 0

  constructor(about: { mode: ReplayMode; target: string | null; level: CompareLevel }) {
    this.#about = about
  }

  add({ outcome, lateMs }: ReplayedExchange): void {
    this.counts[outcome.verdict]++
    if (lateMs !== null) this.#lateMs.push(lateMs)
    if (outcome.verdict === 'failed' && outcome.code === 'no_credential') this.#withoutCredential++
    if ('timing' in outcome) this.#timing.add(outcome.timing.before, outcome.timing.after)
  }

  /** Something is not as it was recorded, or nobody can say that it is. */
  get isDifferent(): boolean {
    const { different, unproven, failed } = this.counts
    return different + unproven + failed > 0
  }

  /** That were sent, whatever came of them. */
  get sent(): number {
    const { same, different, unproven, failed } = this.counts
    return same + different + unproven + failed
  }

  /** Nothing was compared, because the target has no credential for any of it. */
  get isWithoutCredential(): boolean {
    return this.sent > 0 && this.#withoutCredential === this.sent
  }

  report(end: ReplayEnd, tolerance: number): ReplaySummaryReport {
    const [p50, p95] = [percentile(this.#lateMs, 0.5), percentile(this.#lateMs, 0.95)]
    return {
      ...{ type: 'summary', ...this.#about, ...this.counts },
      ...{ interrupted: end.interrupted, stopped: end.stopped },
      timing: this.#timing.verdict(tolerance),
      pacing: p50 === null || p95 === null ? null : { p50_ms: p50, p95_ms: p95 },
      ...{ cost_usd: end.costUsd, cost_estimated: end.isCostEstimated, saved: end.saved },
    }
  }
}
