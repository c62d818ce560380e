import { LRUCache } from 'lru-cache'

/** Sessions that are not to be replaced. The least recently used ones are forgotten beyond `max`. */
export class OptOuts {
  readonly #sessions: LRUCache<string, true>

  constructor(max: number) {
    this.#sessions = new LRUCache({ max })
  }

  /** `user`: whose session of that id is meant; null: everybody's. */
  add(sessionId: string, user: string | null): void {
    this.#sessions.set(keyOf(sessionId, user), true)
  }

  /** False: it was not opted out. */
  remove(sessionId: string, user: string | null): boolean {
    return this.#sessions.delete(keyOf(sessionId, user))
  }

  has(sessionId: string, user: string | null): boolean {
    if (this.#sessions.size === 0) return false
    const isTheirs = user !== null && this.#sessions.get(keyOf(sessionId, user)) === true
    return isTheirs || this.#sessions.get(keyOf(sessionId, null)) === true
  }
}

function keyOf(sessionId: string, user: string | null): string {
  return JSON.stringify([sessionId, user])
}
