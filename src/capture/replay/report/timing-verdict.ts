import { type AnswerTiming, percentile } from '../../diff/timing.ts'

/** Of all answers together, in milliseconds; null: not known of any. */
export interface RunTiming {
  ttft_p50_ms: number | null
  ttft_p95_ms: number | null
  total_p50_ms: number | null
  total_p95_ms: number | null
  gap_p50_ms: number | null
  gap_p95_ms: number | null
}

export interface TimingVerdict {
  before: RunTiming
  after: RunTiming
  /** So many times as long as recorded is still well. */
  tolerance: number
  /** Null: there is nothing to judge by. */
  verdict: 'within' | 'over' | null
}

/** Nobody notices so little, whatever the ratio. */
const slackMs = 20

/** Compares how fast answers came; of each pair only what is known of both counts. */
export class TimingJudge {
  readonly #before: { ttftMs: number[]; totalMs: number[]; gapsMs: number[] }
  readonly #after: { ttftMs: number[]; totalMs: number[]; gapsMs: number[] }

  constructor() {
    this.#before = { ttftMs: [], totalMs: [], gapsMs: [] }
    this.#after = { ttftMs: [], totalMs: [], gapsMs: [] }
  }

  add(before: AnswerTiming | null, after: AnswerTiming | null): void {
    if (!before || !after) return
    for (const name of ['ttftMs', 'totalMs'] as const) {
      const [was, is] = [before[name], after[name]]
      if (was === null || is === null) continue
      this.#before[name].push(was)
      this.#after[name].push(is)
    }
    for (const gap of before.gapsMs) this.#before.gapsMs.push(gap)
    for (const gap of after.gapsMs) this.#after.gapsMs.push(gap)
  }

  verdict(tolerance: number): TimingVerdict {
    const [before, after] = [runTiming(this.#before), runTiming(this.#after)]
    const judged = (Object.keys(before) as (keyof RunTiming)[]).flatMap((name) => {
      const [was, is] = [before[name], after[name]]
      return was === null || is === null ? [] : [is <= Math.max(was * tolerance, was + slackMs)]
    })
    const verdict = judged.length === 0 ? null : judged.every(Boolean) ? 'within' : 'over'
    return { before, after, tolerance, verdict }
  }
}

function runTiming({
  ttftMs,
  totalMs,
  gapsMs,
}: {
  ttftMs: number[]
  totalMs: number[]
  gapsMs: number[]
}): RunTiming {
  return {
    ...{ ttft_p50_ms: percentile(ttftMs, 0.5), ttft_p95_ms: percentile(ttftMs, 0.95) },
    ...{ total_p50_ms: percentile(totalMs, 0.5), total_p95_ms: percentile(totalMs, 0.95) },
    ...{ gap_p50_ms: percentile(gapsMs, 0.5), gap_p95_ms: percentile(gapsMs, 0.95) },
  }
}
