import { LRUCache } from 'lru-cache'
import { type CaptureItem, type CapturePiece, isItem } from '../reader/items.ts'
import { ExchangeBuilder, type ExchangeItem } from './exchange-builder.ts'
import { type OpenExchange, OpenList } from './open-list.ts'
import type { CaptureGap, ExchangeView } from './view.ts'
import type { ExchangeWindow } from './window.ts'

export interface AssemblySettings {
  /** Files grow while they are read, several at a time: a run that is silent is not over. */
  follow?: boolean
  /** Beyond these the exchange of which nothing was heard for longest is given as it is. */
  maxOpen?: number
  maxOpenBytes?: number
  /** Of one exchange: beyond them its largest bodies are only counted, and count as missing. */
  maxExchangeBytes?: number
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
  name: string
  lastAtNs: number
  /** Its last section was closed in order. */
  inOrder: boolean
  isOver: boolean
}

const none: readonly ExchangeView[] = []

/**
 * Puts exchanges together, record by record. Who is given one looks at it, has the window remember it, and then takes the
 * next: while it does, the window stands at that exchange.
 */
export class Assembly {
  readonly #window: ExchangeWindow
  readonly #settings: Required<AssemblySettings>
  readonly #open = new OpenList()
  #openBytes = 0
  readonly #runs = new Map<string, Run>()
  readonly #runOfFile = new Map<string, Run>()
  /** Whatever comes of them late. */
  readonly #closed = new LRUCache<string, true>({ max: 10_000 })

  constructor(window: ExchangeWindow, settings: AssemblySettings) {
    this.#window = window
    this.#settings = {
      ...{ follow: false, maxOpen: 10_000, maxOpenBytes: 512 * 1024 * 1024 },
      maxExchangeBytes: Number.POSITIVE_INFINITY,
      ...settings,
    }
  }

  take(item: CaptureItem): Iterable<ExchangeView> {
    const { record, file } = item
    if (record.k === 'hdr') return this.#begin(file, `${record.run}${item.version === 2 ? file : ''}`)
    const run = this.#runOf(file)
    if (item.wallNs > run.lastAtNs) run.lastAtNs = item.wallNs
    run.inOrder = record.k === 'end'
    this.#window.reached(item.wallNs)
    return isOfExchange(item) ? this.#takeOne(item, run) : none
  }

  *end(): Iterable<ExchangeView> {
    for (const run of this.#runs.keys()) yield* this.#endRun(run)
  }

  #takeOne(item: ExchangeItem, run: Run): Iterable<ExchangeView> {
    const { record, version, file } = item
    const key = version === 2 ? `${file} ${record.x}` : record.x
    let open = this.#open.get(key)
    if (!open) {
      if (record.k === 'xo') this.#closed.delete(key)
      else if (this.#closed.has(key)) return none
      open = this.#open.add(key, new ExchangeBuilder(item, run.name, this.#settings.maxExchangeBytes))
      this.#openBytes += open.exchange.bytes
    }
    const before = open.exchange.bytes
    open.exchange.take(item)
    this.#openBytes += open.exchange.bytes - before
    this.#open.heardOf(open)
    if (record.k === 'u') return this.#closeAndFit(open)
    return this.#isFull() ? this.#fit() : none
  }

  *#closeAndFit(open: OpenExchange): Iterable<ExchangeView> {
    yield this.#close(open)
    yield* this.#fit()
  }

  #isFull(): boolean {
    const { maxOpen, maxOpenBytes } = this.#settings
    return this.#open.size > maxOpen || (this.#openBytes > maxOpenBytes && this.#open.size > 1)
  }

  *#fit(): Iterable<ExchangeView> {
    while (this.#isFull()) {
      const oldest = this.#open.oldest()
      if (!oldest) return
      yield this.#close(oldest)
    }
  }

  #close(open: OpenExchange): ExchangeView {
    this.#open.delete(open)
    this.#openBytes -= open.exchange.bytes
    this.#closed.set(open.key, true)
    return open.exchange.view()
  }

  /** A section begins. A run that ended without its last word has nothing to follow, unless this is its next section. */
  *#begin(file: string, name: string): Iterable<ExchangeView> {
    this.#runOfFile.set(file, this.#runs.get(name) ?? this.#newRun(name))
    if (this.#settings.follow) return
    for (const [other, { inOrder }] of this.#runs) {
      if (other !== name && !inOrder) yield* this.#endRun(other)
    }
  }

  #runOf(file: string): Run {
    const known = this.#runOfFile.get(file)
    if (known && !known.isOver) return known
    const name = known?.name ?? file
    const run = this.#runs.get(name) ?? this.#newRun(name)
    this.#runOfFile.set(file, run)
    return run
  }

  #newRun(name: string): Run {
    const run: Run = { name, lastAtNs: 0, inOrder: false, isOver: false }
    this.#runs.set(name, run)
    return run
  }

  /** What is still open of it did not close, as far as this capture goes. */
  *#endRun(name: string): Iterable<ExchangeView> {
    const run = this.#runs.get(name)
    this.#runs.delete(name)
    if (!run) return
    run.isOver = true
    this.#window.endsAt(run.lastAtNs, run.inOrder)
    for (const open of this.#open) if (open.exchange.run === name) yield this.#close(open)
  }
}

function isOfExchange(item: CaptureItem): item is ExchangeItem {
  const { k } = item.record
  return k === 'b' || k === 'xo' || k === 's' || k === 'h' || k === 'e' || k === 'u'
}
