import type { UsageRecord } from '../record/record.ts'
import type { Batch } from '../stores/store.ts'

interface Open {
  sinceMs: number
  crashed: () => UsageRecord
}

/** Which exchanges are open, and which of them the store knows of. */
export class OpenExchanges {
  readonly #nowMs: () => number
  readonly #unwritten = new Map<string, Open>()
  readonly #written = new Set<string>()
  readonly #ended = new Set<string>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  add(id: string, crashed: () => UsageRecord): void {
    this.#unwritten.set(id, { sinceMs: this.#nowMs(), crashed })
  }

  end(id: string): void {
    this.#unwritten.delete(id)
    if (this.#written.delete(id)) this.#ended.add(id)
  }

  get size(): number {
    return this.#unwritten.size + this.#written.size
  }

  /** Until the store has something to hear; null: it knows all there is. */
  dueInMs(openForMs: number): number | null {
    if (this.#ended.size > 0) return 0
    for (const { sinceMs } of this.#unwritten.values())
      return Math.max(0, sinceMs + openForMs - this.#nowMs())
    return null
  }

  /**
   * What the store is to be told now, and at most so many that opened; of those that opened just now there may be a
   * record before the next time.
   */
  changes(openForMs: number, most: number): Pick<Batch, 'opened' | 'ended'> {
    const before = this.#nowMs() - openForMs
    const opened: UsageRecord[] = []
    // In the order of their opening: the first young one ends it.
    for (const { sinceMs, crashed } of this.#unwritten.values()) {
      if (sinceMs > before || opened.length === most) break
      opened.push(crashed())
    }
    return { opened, ended: [...this.#ended] }
  }

  /** The store has heard of it. What ended meanwhile is told next time. */
  written({ opened, ended }: Pick<Batch, 'opened' | 'ended'>): void {
    for (const id of ended) this.#ended.delete(id)
    for (const { id } of opened) {
      if (this.#unwritten.delete(id)) this.#written.add(id)
      else this.#ended.add(id)
    }
  }
}
