import { LRUCache } from 'lru-cache'
import type { AttemptView } from '../view/view.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

export interface BackendRow {
  backend: string
  type: string | null
  models: string[]
  attempts: number
  /** Answered with an error, or not at all. */
  failed: number
}

/** A conversation of a client and the one of the proxy with a backend that serves it. */
export interface BridgeRow {
  session: string | null
  backend: string
  model: string | null
  attempts: number
}

const mostRows = 10_000
const mostModels = 20

/** Who was asked, and how often. */
export class Backends {
  readonly #rows = new Map<string, BackendRow>()

  exchange({ view }: InspectedExchange): void {
    for (const attempt of view.attempts) {
      const { backend, backendType, model, btp } = attempt
      if (backend === null) continue
      const row = this.#rows.get(backend) ?? {
        ...{ backend, type: backendType, models: [], attempts: 0, failed: 0 },
      }
      if (!this.#rows.has(backend) && this.#rows.size < mostRows) this.#rows.set(backend, row)
      row.attempts++
      if (!btp || (btp.status ?? 200) >= 400) row.failed++
      if (model !== null && row.models.length < mostModels && !row.models.includes(model))
        row.models.push(model)
    }
  }

  /** The most asked first. */
  rows(): BackendRow[] {
    return [...this.#rows.values()].sort(
      (a, b) => b.attempts - a.attempts || (a.backend < b.backend ? -1 : 1),
    )
  }
}

/** The original's `--b2bua`: which conversation was served by whom. */
export class Bridges {
  readonly #rows = new LRUCache<string, { row: BridgeRow; nth: number }>({ max: mostRows })
  #count = 0

  exchange({ view }: InspectedExchange): void {
    for (const attempt of view.attempts) this.#attempt(view.session, attempt)
  }

  /** Sessions in the order of their beginnings, and in each the most asked first. */
  rows(): BridgeRow[] {
    const found = [...this.#rows.values()].sort((a, b) => a.nth - b.nth)
    const begun = new Map<string | null, number>()
    for (const { row, nth } of found) if (!begun.has(row.session)) begun.set(row.session, nth)
    const at = ({ session }: BridgeRow) => begun.get(session) ?? 0
    return found.map(({ row }) => row).sort((a, b) => at(a) - at(b) || b.attempts - a.attempts)
  }

  #attempt(session: string | null, { backend, model }: AttemptView): void {
    if (backend === null) return
    const key = JSON.stringify([session, backend, model])
    const found = this.#rows.get(key) ?? {
      row: { session, backend, model, attempts: 0 },
      nth: this.#count++,
    }
    found.row.attempts++
    this.#rows.set(key, found)
  }
}
