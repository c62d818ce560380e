import { LRUCache } from 'lru-cache'
import { type OptOutChange, supersedes } from '../core/opt-out-change.ts'

export interface OptOutsParts {
  /** The least recently used ones are forgotten beyond it. */
  max: number
  nowMs: () => number
  /** Told of what is changed here; not of what is learned. */
  onChange?: (change: OptOutChange) => void
}

/** Sessions that are not to be replaced, and those that may be again: others must be told of them too. */
export class OptOuts {
  readonly #parts: OptOutsParts
  readonly #sessions: LRUCache<string, OptOutChange>

  constructor(parts: OptOutsParts) {
    this.#parts = parts
    this.#sessions = new LRUCache({ max: parts.max })
  }

  /** `user`: whose session of that id is meant; null: everybody's. */
  add(sessionId: string, user: string | null): void {
    this.#change(keyOf(sessionId, user), true)
  }

  /** False: it was not opted out. */
  remove(sessionId: string, user: string | null): boolean {
    const key = keyOf(sessionId, user)
    if (!this.#isOptedOut(key)) return false
    this.#change(key, false)
    return true
  }

  has(sessionId: string, user: string | null): boolean {
    if (this.#sessions.size === 0) return false
    const isTheirs = user !== null && this.#isOptedOut(keyOf(sessionId, user))
    return isTheirs || this.#isOptedOut(keyOf(sessionId, null))
  }

  /** What was changed elsewhere, or before this process. */
  learn(changes: readonly OptOutChange[]): void {
    for (const change of changes) {
      if (supersedes(change, this.#sessions.peek(change.key))) this.#sessions.set(change.key, change)
    }
  }

  #isOptedOut(key: string): boolean {
    return this.#sessions.get(key)?.isOptedOut === true
  }

  /** Later than what it changes, though the clock of who made that may be ahead of ours. */
  #change(key: string, isOptedOut: boolean): void {
    const atMs = Math.max(this.#parts.nowMs(), (this.#sessions.peek(key)?.atMs ?? 0) + 1)
    const change = { key, isOptedOut, atMs }
    this.#sessions.set(key, change)
    this.#parts.onChange?.(change)
  }
}

function keyOf(sessionId: string, user: string | null): string {
  return JSON.stringify([sessionId, user])
}
