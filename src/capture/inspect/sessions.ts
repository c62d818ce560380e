import { LRUCache } from 'lru-cache'
import type { InspectedExchange } from './inspected-exchange.ts'

export interface SessionRow {
  /** Null: exchanges that are of no session. */
  session: string | null
  app: string | null
  exchanges: number
  failed: number
  firstAtNs: number
  lastAtNs: number
  backends: string[]
  models: string[]
  inTokens: number
  outTokens: number
  costUsd: number | null
  /** In their file; the first and the last. */
  entries: { first: number; last: number }
  file: string
}

const mostSessions = 10_000
const mostNames = 10

/** Conversations, by the session that the proxy saw. */
export class Sessions {
  readonly #rows = new LRUCache<string, SessionRow>({ max: mostSessions, dispose: () => this.left++ })
  /** Forgotten: there were more than are kept. */
  left = 0

  exchange(x: InspectedExchange): void {
    const { view } = x
    const key = view.session ?? ''
    const row = this.#rows.get(key) ?? {
      ...{ session: view.session, app: view.clientApp, exchanges: 0, failed: 0 },
      ...{ firstAtNs: view.openedAtNs, lastAtNs: view.lastAtNs, backends: [], models: [] },
      ...{ inTokens: 0, outTokens: 0, costUsd: null, entries: { ...view.entries }, file: view.file },
    }
    if (!this.#rows.has(key)) this.#rows.set(key, row)
    row.exchanges++
    if (x.isFailed) row.failed++
    row.app ??= view.clientApp
    row.firstAtNs = Math.min(row.firstAtNs, view.openedAtNs)
    row.lastAtNs = Math.max(row.lastAtNs, view.lastAtNs)
    note(row.backends, x.backend)
    note(row.models, x.model)
    row.inTokens += x.inTokens ?? 0
    row.outTokens += x.outTokens ?? 0
    if (x.costUsd !== null) row.costUsd = (row.costUsd ?? 0) + x.costUsd
    if (view.file !== row.file) return
    row.entries.first = Math.min(row.entries.first, view.entries.first)
    row.entries.last = Math.max(row.entries.last, view.entries.last)
  }

  /** In the order of their beginnings. */
  rows(): SessionRow[] {
    return [...this.#rows.values()].sort((a, b) => a.firstAtNs - b.firstAtNs)
  }
}

function note(names: string[], name: string | null): void {
  if (name !== null && names.length < mostNames && !names.includes(name)) names.push(name)
}
