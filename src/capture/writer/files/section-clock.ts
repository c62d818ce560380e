import type { ClockRecord } from '../../format/records.ts'

const tellEveryNs = 60e9
const driftToTellNs = 50e6

/** The process's monotonic clock as sections count it, beside the wall's: both as the last batch told. */
export class SectionClock {
  readonly #baseNs: number
  #nowNs: number
  #wallMs: number
  #toldAtNs: number
  #toldOffsetNs: number

  constructor(baseNs: number, wallMs: number) {
    this.#baseNs = baseNs
    this.#nowNs = baseNs
    this.#wallMs = wallMs
    this.#toldAtNs = baseNs
    this.#toldOffsetNs = this.#offsetNs()
  }

  set(monotonicNs: number, wallMs: number): void {
    this.#nowNs = monotonicNs
    this.#wallMs = wallMs
  }

  /** The section's time of an instant. */
  since(monotonicNs: number): number {
    return Math.max(0, Math.round(monotonicNs - this.#baseNs))
  }

  now(): number {
    return this.since(this.#nowNs)
  }

  wallMs(): number {
    return this.#wallMs
  }

  /** For a section's header: nanoseconds since 1970 at which `t` is 0, as the clocks stand now. */
  begin(): bigint {
    this.#told()
    return BigInt(Math.round(this.#wallMs)) * 1_000_000n - BigInt(this.now())
  }

  /** What the open section has to be told: once a minute, and when the wall clock was set. */
  due(): ClockRecord | null {
    const driftNs = Math.abs(this.#offsetNs() - this.#toldOffsetNs)
    if (this.#nowNs - this.#toldAtNs < tellEveryNs && driftNs <= driftToTellNs) return null
    this.#told()
    return { k: 'clk', t: this.now(), wall_ns: BigInt(Math.round(this.#wallMs)) * 1_000_000n }
  }

  #told(): void {
    this.#toldAtNs = this.#nowNs
    this.#toldOffsetNs = this.#offsetNs()
  }

  #offsetNs(): number {
    return this.#wallMs * 1e6 - (this.#nowNs - this.#baseNs)
  }
}
