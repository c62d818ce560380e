import { LRUCache } from 'lru-cache'
import type { WatchedExchange } from './watched-exchange.ts'

export interface LoopingTool {
  name: string
  /** In so many turns in a row. */
  turns: number
}

/** Counts, for each session, in how many turns in a row the model made the same call. */
export class ToolLoops {
  readonly #sessions = new LRUCache<string, Map<string, number>>({ max: 1000 })

  /** An answer is complete. What is repeated most; null where it called nothing. A turn of words ends what was. */
  take(watched: WatchedExchange): LoopingTool | null {
    const session = watched.exchange.session?.id
    const signs = watched.callSigns()
    if (session === undefined) return null
    const before = this.#sessions.get(session)
    if (signs.length === 0) {
      this.#sessions.delete(session)
      return null
    }
    const now = new Map(signs.map((sign) => [sign, (before?.get(sign) ?? 0) + 1]))
    this.#sessions.set(session, now)
    const [most] = [...now].sort(([, a], [, b]) => b - a)
    return most ? { name: most[0].slice(0, most[0].lastIndexOf(' ')), turns: most[1] } : null
  }
}
