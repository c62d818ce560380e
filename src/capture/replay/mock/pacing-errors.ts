import { percentile } from '../../diff/timing.ts'

const mostKept = 100_000

/** By how much chunks were written later than they should have been; of very many the latest ones. */
export class PacingErrors {
  readonly #ms: number[] = []
  #count = 0

  add(lateMs: number): void {
    this.#ms[this.#count++ % mostKept] = lateMs
  }

  /** Null: nothing was paced. */
  report(): { chunks: number; p50Ms: number; p95Ms: number } | null {
    const [p50Ms, p95Ms] = [percentile(this.#ms, 0.5), percentile(this.#ms, 0.95)]
    return p50Ms === null || p95Ms === null ? null : { chunks: this.#count, p50Ms, p95Ms }
  }
}
