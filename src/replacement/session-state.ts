import type { Window } from './window.ts'

/** What metrics count once a session. */
export type SessionMark = 'activated' | 'checked' | 'optedOut' | 'hadTurns'

/** What one rule has done in one session. */
export interface RuleTurns {
  /** Requests that it concerned and that were answered as asked, since the session or its last window began. */
  requestsSinceWindow: number
  isFirst: boolean
  coolsDown: boolean
  window: Window | null
}

/** One session, as the rules see it. Rules are independent of each other. */
export class SessionState {
  readonly #rules = new Map<string, RuleTurns>()
  readonly #marks = new Set<SessionMark>()
  /** It had requests that are not known of: before the start, or before so many other sessions. */
  readonly #isOlder: boolean
  #epoch = 0

  constructor(isOlder: boolean) {
    this.#isOlder = isOlder
  }

  of(rule: string): RuleTurns {
    let turns = this.#rules.get(rule)
    if (turns === undefined) {
      turns = { requestsSinceWindow: 0, isFirst: !this.#isOlder, coolsDown: false, window: null }
      this.#rules.set(rule, turns)
    }
    return turns
  }

  /** Whether the mark is new in this epoch of the counters; it is made. */
  mark(mark: SessionMark, epoch: number): boolean {
    if (this.#epoch !== epoch) {
      this.#epoch = epoch
      this.#marks.clear()
    }
    if (this.#marks.has(mark)) return false
    this.#marks.add(mark)
    return true
  }

  endWindows(): void {
    for (const turns of this.#rules.values()) {
      turns.window?.end()
      turns.coolsDown = false
    }
  }
}
