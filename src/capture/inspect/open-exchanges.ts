import { LRUCache } from 'lru-cache'
import { legNumbers } from '../format/records.ts'
import type { CaptureItem } from '../reader/items.ts'

interface OpenExchange {
  session: string | null
  /** As asked last: for legs that name no attempt. */
  backend: string | null
  model: string | null
  attempts: Map<number, { backend: string | null; model: string | null }>
  lastAtNs: number | null
}

/** What a frame does not say itself. */
export interface AroundFrame {
  session: string | null
  backend: string | null
  model: string | null
  /** Of the frame before it in its exchange. */
  lastAtNs: number | null
}

const mostOpen = 10_000

/** The exchanges that a reading is amid: their frames do not say each to whom they belong. */
export class OpenExchanges {
  readonly #open = new LRUCache<string, OpenExchange>({ max: mostOpen })

  /** Takes in a frame of an exchange and says what is known around it. */
  note({ record, version, file, wallNs }: CaptureItem): AroundFrame | null {
    if (!('x' in record) || typeof record.x !== 'string') return null
    const open = this.#of(exchangeKey(record.x, file, version))
    if (record.k === 's' || record.k === 'u') open.session = record.session ?? open.session
    if (record.k === 's') open.model ??= record.requested_model ?? null
    if (record.k === 'h' && record.l === legNumbers.PTB) {
      open.backend = record.be ?? null
      open.model = record.mod ?? open.model
      open.attempts.set(record.a ?? 1, { backend: open.backend, model: open.model })
    }
    const asked = ('a' in record && record.a !== undefined && open.attempts.get(record.a)) || open
    const { session, lastAtNs } = open
    open.lastAtNs = wallNs
    return { session, backend: asked.backend, model: asked.model, lastAtNs }
  }

  #of(key: string): OpenExchange {
    const known = this.#open.get(key)
    if (known) return known
    const open = { session: null, backend: null, model: null, attempts: new Map(), lastAtNs: null }
    this.#open.set(key, open)
    return open
  }
}

/** Ids are unique over files of ours; the original's are so within one. */
export function exchangeKey(id: string, file: string, version: 2 | 3): string {
  return version === 2 ? `${file} ${id}` : id
}
