import type { InspectedExchange } from './inspected-exchange.ts'

export interface StatusRow {
  /** Null: of the answers to clients. */
  backend: string | null
  /** Null: there was no answer. */
  status: number | null
  count: number
  /** Of all of the same backend, or of all answers to clients. */
  ratio: number
}

/** How often which status was given: to clients, and by each backend in its attempts. */
export class Statuses {
  readonly #byBackend = new Map<string | null, Map<number | null, number>>()

  exchange(x: InspectedExchange): void {
    this.#add(null, x.status)
    const told = new Map((x.view.closed?.attempts ?? []).map(({ n, status }) => [n, status ?? null]))
    for (const { number, backend, btp } of x.view.attempts) {
      if (backend !== null) this.#add(backend, btp?.status ?? told.get(number) ?? null)
    }
  }

  /** Clients' first, then the backends by name; the most frequent first. */
  rows(): StatusRow[] {
    const named = [...this.#byBackend].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    return named.flatMap(([backend, counts]) => {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
      return [...counts]
        .map(([status, count]) => ({ backend, status, count, ratio: count / all }))
        .sort((a, b) => b.count - a.count || (a.status ?? 0) - (b.status ?? 0))
    })
  }

  #add(backend: string | null, status: number | null): void {
    const counts = this.#byBackend.get(backend) ?? new Map<number | null, number>()
    this.#byBackend.set(backend, counts)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
}
