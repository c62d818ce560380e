import type { CaptureRecord } from '../format/records.ts'

/** Turns a section's times into nanoseconds since 1970. */
export class SectionClock {
  lastNs: number | null = null
  readonly #bornNs: number
  #startNs: number | null = null
  /** A clock record may still tell better. */
  #isGuess = false

  /** `bornNs`: when the file came to be, for want of anything better. */
  constructor(bornNs: number) {
    this.#bornNs = bornNs
  }

  /** A section begins whose header is lost: it goes on where the one before it ended. */
  forget(): void {
    this.#startNs = null
  }

  at(record: CaptureRecord): number {
    if (record.k === 'hdr') this.#begin(Number(record.wall_ns), false)
    else if (record.k !== 'bl' && this.#startNs === null)
      this.#begin((this.lastNs ?? this.#bornNs) - record.t, true)
    if (record.k === 'clk' && this.#isGuess) this.#begin(Number(record.wall_ns) - record.t, false)
    const t = 't' in record ? record.t : 0
    const isTimeless = record.k === 'bl'
    const atNs = isTimeless ? (this.lastNs ?? this.#startNs ?? this.#bornNs) : (this.#startNs ?? 0) + t
    this.lastNs = atNs
    return atNs
  }

  #begin(startNs: number, isGuess: boolean): void {
    this.#startNs = startNs
    this.#isGuess = isGuess
  }
}
