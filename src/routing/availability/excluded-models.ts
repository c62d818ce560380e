import { LRUCache } from 'lru-cache'

const excludedMs = 300_000

/** Models that a backend refused for a credential, for five minutes (`spec/health-and-routing.md`). Bounded. */
export class ExcludedModels {
  readonly #until = new LRUCache<string, { untilMs: number; reason: string }>({ max: 10_000 })

  exclude(backend: string, credential: string, model: string, reason: string, nowMs: number): void {
    this.#until.set(keyOf(backend, credential, model), { untilMs: nowMs + excludedMs, reason })
  }

  accept(backend: string, credential: string, model: string): void {
    this.#until.delete(keyOf(backend, credential, model))
  }

  /** Null: it is not excluded. */
  find(
    backend: string,
    credential: string,
    model: string,
    nowMs: number,
  ): { untilMs: number; reason: string } | null {
    const found = this.#until.get(keyOf(backend, credential, model))
    return found && nowMs < found.untilMs ? found : null
  }

  reset(backend: string): void {
    for (const key of this.#until.keys()) if (key.startsWith(`${backend}\n`)) this.#until.delete(key)
  }
}

function keyOf(backend: string, credential: string, model: string): string {
  return `${backend}\n${credential}\n${model}`
}
