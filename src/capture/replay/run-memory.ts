import { ExchangeBuilder, type ExchangeItem } from '../view/exchange-builder.ts'
import type { ExchangeView } from '../view/view.ts'
import type { CaptureEntry, UnheardEntry } from '../writer/entries.ts'

interface Open {
  builder: ExchangeBuilder
  /** Chunks by leg and attempt. */
  chunks: Map<string, number>
}

/** Exchanges of a replay while they pass, as a capture of them would have them. */
export class RunMemory {
  readonly #wallNsOf: (t: number) => number
  readonly #open = new Map<string, Open>()

  /** `wallNsOf`: nanoseconds since 1970 of an entry's time. */
  constructor(wallNsOf: (t: number) => number) {
    this.#wallNsOf = wallNsOf
  }

  take(entry: CaptureEntry): void {
    const open = this.#openOf(entry)
    if (!open || entry.k === 'unheard') return
    const { record, bytes } = recordOf(entry, open)
    open.builder.take(this.#item(record, bytes))
  }

  /** The exchange as far as it has come. Null: nothing was heard of it. */
  view(id: string): ExchangeView | null {
    return this.#open.get(id)?.builder.view() ?? null
  }

  /** The same, and it is not kept any longer. */
  release(id: string): ExchangeView | null {
    const view = this.view(id)
    this.#open.delete(id)
    return view
  }

  #openOf(entry: CaptureEntry): Open | undefined {
    if (entry.k === 'xo') {
      const open: Open = {
        builder: new ExchangeBuilder(this.#item(entry, nothing), 'replay'),
        chunks: new Map(),
      }
      this.#open.set(entry.x, open)
    }
    return this.#open.get(entry.x)
  }

  #item(record: ExchangeItem['record'], bytes: Uint8Array): ExchangeItem {
    return {
      ...{ entry: 0, offset: 0, file: '', version: 3, wallNs: this.#wallNsOf(record.t), record },
      body: () => ({ bytes, missing: 0 }),
    }
  }
}

const nothing = new Uint8Array(0)

/** Bytes are lent: they are copied. */
function recordOf(
  entry: Exclude<CaptureEntry, UnheardEntry>,
  { chunks }: Open,
): { record: ExchangeItem['record']; bytes: Uint8Array } {
  if (entry.k === 'b') {
    const n = count(chunks, entry, 1)
    const { bytes, ...place } = entry
    return { record: { ...place, n, d: [] }, bytes: Uint8Array.from(bytes) }
  }
  if (entry.k === 'e') return { record: { ...entry, n: count(chunks, entry, 0), bytes: 0 }, bytes: nothing }
  if (entry.k !== 'h') return { record: entry, bytes: nothing }
  const { enc: _, hd, ...head } = entry
  return { record: { ...head, hd: hd.map(([name, value]) => [name, value]) }, bytes: nothing }
}

/** How many chunks of its leg came before. */
function count(chunks: Map<string, number>, { l, a }: { l: number; a?: number }, more: number): number {
  const key = `${l}/${a ?? 0}`
  const before = chunks.get(key) ?? 0
  chunks.set(key, before + more)
  return before
}
