import { LRUCache } from 'lru-cache'
import { type CaptureItem, type CapturePiece, isItem } from '../reader/items.ts'
import { ExchangeBuilder, type ExchangeItem } from './exchange-builder.ts'
import type { CaptureGap, ExchangeView } from './view.ts'
import type { ExchangeWindow } from './window.ts'

export interface AssemblySettings {
  /** Files grow while they are read, several at a time: a run that is silent is not over. */
  follow?: boolean
  /** Beyond these the exchange of which nothing was heard for longest is given as it is. */
  maxOpen?: number
  maxOpenBytes?: number
}

export function isGap(found: ExchangeView | CaptureGap): found is CaptureGap {
  return 'kind' in found
}

/**
 * Exchanges out of a capture's records: each when it has closed; those that have not, when their run ends or the
 * capture does. Gaps as they come. What is given is remembered in `window` when the next is asked for. Memory is that
 * of the exchanges which are open at the same time.
 */
export async function* assemble(
  pieces: AsyncIterable<CapturePiece> | Iterable<CapturePiece>,
  window: ExchangeWindow,
  settings: AssemblySettings = {},
): AsyncGenerator<ExchangeView | CaptureGap> {
  const assembly = new Assembly(window, settings)
  for await (const piece of pieces) {
    if (!isItem(piece)) {
      yield piece
      continue
    }
    for (const view of assembly.take(piece)) {
      yield view
      window.remember(view)
    }
  }
  for (const view of assembly.end()) {
    yield view
    window.remember(view)
  }
}

/** A run of the proxy, over one or several sections. */
interface Run {
  lastAtNs: number
  /** Its last section was closed in order. */
  inOrder: boolean
}

class Assembly {
  readonly #window: ExchangeWindow
  readonly #settings: Required<AssemblySettings>
  /** In the order in which something was heard of them last. */
  readonly #open = new Map<string, ExchangeBuilder>()
  #openBytes = 0
  readonly #runs = new Map<string, Run>()
  readonly #runOfFile = new Map<string, string>()
  /** Whatever comes of them late. */
  readonly #closed = new LRUCache<string, true>({ max: 10_000 })

  constructor(window: ExchangeWindow, settings: AssemblySettings) {
    this.#window = window
    this.#settings = { follow: false, maxOpen: 10_000, maxOpenBytes: 512 * 1024 * 1024, ...settings }
  }

  *take(item: CaptureItem): Iterable<ExchangeView> {
    const { record, file } = item
    if (record.k === 'hdr') {
      yield* this.#begin(file, `${record.run}${item.version === 2 ? file : ''}`)
      return
    }
    const run = this.#runOf(file)
    run.lastAtNs = Math.max(run.lastAtNs, item.wallNs)
    run.inOrder = record.k === 'end'
    this.#window.reached(item.wallNs)
    if (isOfExchange(item)) yield* this.#takeOne(item)
  }

  *end(): Iterable<ExchangeView> {
    for (const run of this.#runs.keys()) yield* this.#endRun(run)
  }

  *#takeOne(item: ExchangeItem): Iterable<ExchangeView> {
    const { record, version, file } = item
    const key = version === 2 ? `${file} ${record.x}` : record.x
    if (record.k === 'xo') this.#closed.delete(key)
    else if (this.#closed.has(key)) return
    const exchange = this.#open.get(key) ?? new ExchangeBuilder(item, this.#runOfFile.get(file) ?? file)
    this.#openBytes -= exchange.bytes
    exchange.take(item)
    this.#openBytes += exchange.bytes
    this.#open.delete(key)
    this.#open.set(key, exchange)
    if (record.k === 'u') yield this.#close(key, exchange)
    const { maxOpen, maxOpenBytes } = this.#settings
    while (this.#open.size > maxOpen || (this.#openBytes > maxOpenBytes && this.#open.size > 1)) {
      const [oldest] = this.#open
      if (oldest) yield this.#close(...oldest)
    }
  }

  #close(key: string, exchange: ExchangeBuilder): ExchangeView {
    this.#open.delete(key)
    this.#openBytes -= exchange.bytes
    this.#closed.set(key, true)
    return exchange.view()
  }

  /** A section begins. A run that ended without its last word has nothing to follow, unless this is its next section. */
  *#begin(file: string, run: string): Iterable<ExchangeView> {
    this.#runOfFile.set(file, run)
    if (!this.#runs.has(run)) this.#runs.set(run, { lastAtNs: 0, inOrder: false })
    if (this.#settings.follow) return
    for (const [other, { inOrder }] of this.#runs) {
      if (other !== run && !inOrder) yield* this.#endRun(other)
    }
  }

  #runOf(file: string): Run {
    const name = this.#runOfFile.get(file) ?? file
    const known = this.#runs.get(name)
    if (known) return known
    const run: Run = { lastAtNs: 0, inOrder: false }
    this.#runs.set(name, run)
    return run
  }

  /** What is still open of it did not close, as far as this capture goes. */
  *#endRun(name: string): Iterable<ExchangeView> {
    const run = this.#runs.get(name)
    this.#runs.delete(name)
    if (!run) return
    this.#window.endsAt(run.lastAtNs, run.inOrder)
    for (const [key, exchange] of this.#open) {
      if (exchange.run === name) yield this.#close(key, exchange)
    }
  }
}

function isOfExchange(item: CaptureItem): item is ExchangeItem {
  const { k } = item.record
  return k === 'xo' || k === 's' || k === 'h' || k === 'b' || k === 'e' || k === 'u'
}
