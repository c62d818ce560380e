import type { V2Entry } from './entry.ts'

/** An entry with its place in the file. */
export interface PlacedEntry {
  entry: number
  offset: number
  content: V2Entry
}

export interface Ordered {
  /** By their sequence numbers. */
  entries: PlacedEntry[]
  /** Numbers that are not there, from the first to the last. */
  missing: { from: number; to: number } | null
}

const maxHeldEntries = 128
const maxHeldBytes = 16 * 1024 * 1024

/**
 * Puts entries into the order of their `seq`: the original writes batches at the same time, so that the file's order
 * is not it. An entry that is too early waits for those before it, and only so long as they are likely to come.
 */
export class SeqOrder {
  #expected = 0
  #heldBytes = 0
  #held: PlacedEntry[] = []

  push(placed: PlacedEntry): Ordered[] {
    const { seq } = placed.content
    if (this.#held.length === 0 && seq <= this.#expected) {
      this.#expected = Math.max(this.#expected, seq + 1)
      return [{ entries: [placed], missing: null }]
    }
    // What waits is lent no longer.
    const stored = new Uint8Array(placed.content.stored)
    const at = this.#held.findLastIndex((held) => held.content.seq <= seq) + 1
    this.#held.splice(at, 0, { ...placed, content: { ...placed.content, stored } })
    this.#heldBytes += stored.length
    const isFull = this.#held.length > maxHeldEntries || this.#heldBytes > maxHeldBytes
    return isFull ? this.flush() : this.#take()
  }

  /** All that waits, with the numbers between that did not come. */
  flush(): Ordered[] {
    const ordered: Ordered[] = []
    while (this.#held.length > 0) {
      const next = this.#held[0]?.content.seq ?? 0
      const missing = next > this.#expected ? { from: this.#expected, to: next - 1 } : null
      this.#expected = Math.max(this.#expected, next)
      const [run] = this.#take()
      ordered.push({ entries: run?.entries ?? [], missing })
    }
    return ordered
  }

  #take(): Ordered[] {
    const entries: PlacedEntry[] = []
    while ((this.#held[0]?.content.seq ?? Number.POSITIVE_INFINITY) <= this.#expected) {
      const placed = this.#held.shift()
      if (placed === undefined) break
      entries.push(placed)
      this.#heldBytes -= placed.content.stored.length
      this.#expected = Math.max(this.#expected, placed.content.seq + 1)
    }
    return entries.length > 0 ? [{ entries, missing: null }] : []
  }
}
