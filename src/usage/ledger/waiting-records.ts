import type { UsageRecord } from '../record/record.ts'

/** Records on their way to the store, in the order of their closing. */
export class WaitingRecords {
  /** What is being written, or could not be and is tried again first. */
  #batch: UsageRecord[] = []
  #rest: UsageRecord[] = []
  /** Those of `#rest` before it are gone: taking them out one by one would copy the others each time. */
  #first = 0

  get size(): number {
    return this.#batch.length + this.#rest.length - this.#first
  }

  add(record: UsageRecord): void {
    this.#rest.push(record)
  }

  /** The oldest, up to so many: the same again until they are `written`. */
  batch(most: number): readonly UsageRecord[] {
    this.#batch.push(...this.#takeRest(most - this.#batch.length))
    return this.#batch
  }

  written(): void {
    this.#batch = []
  }

  /** Drops the oldest beyond `most`, but none that is being written; says how many. */
  dropBeyond(most: number, writing: boolean): number {
    const over = this.size - most
    if (over <= 0) return 0
    const ofBatch = writing ? 0 : Math.min(over, this.#batch.length)
    this.#batch = this.#batch.slice(ofBatch)
    return ofBatch + this.#takeRest(over - ofBatch).length
  }

  #takeRest(most: number): UsageRecord[] {
    const taken = this.#rest.slice(this.#first, this.#first + Math.max(0, most))
    this.#first += taken.length
    if (this.#first > this.#rest.length / 2) {
      this.#rest = this.#rest.slice(this.#first)
      this.#first = 0
    }
    return taken
  }
}
