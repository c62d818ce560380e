import { type ReadOptions, readExchanges } from '../export/read-exchanges.ts'
import type { CaptureGap, ExchangeView } from '../view/view.ts'
import { bodyBytes } from '../view/window.ts'
import type { CompareLevel } from './difference.ts'
import { type ComparedLegs, compareExchanges, type ExchangeComparison } from './exchanges.ts'
import { digestOf, type ExchangeDigest, type PairedWith, type Pairing, pairUp } from './pairs.ts'

/** An exchange as a report names it. */
export interface NamedExchange {
  id: string
  session: string | null
  turn: number | null
  model: string | null
  openedAtNs: number
}

export type ComparedPair =
  | {
      kind: 'pair'
      before: NamedExchange
      after: NamedExchange
      by: Pairing | 'asked'
      comparison: ExchangeComparison
    }
  | { kind: 'only'; side: 'before' | 'after'; exchange: NamedExchange }
  /** They stand too far apart in their files to be held in memory until both are read. */
  | { kind: 'apart'; before: NamedExchange; after: NamedExchange }

export interface CompareOptions {
  level: CompareLevel
  /** Of both legs only one. */
  legs?: ComparedLegs | undefined
  /** Of two captures, only these exchanges. */
  meant?: ReadOptions['meant']
  /** `pass`: both files are read twice. */
  onProgress?: (bytesRead: number, total: number | null, pass: 1 | 2 | 3) => void
  onGap?: (gap: CaptureGap) => void
  /** Of exchanges that wait for their like. */
  maxHeldBytes?: number
}

/**
 * The exchanges of two captures in pairs, in the order of the first, then what only the second has. Each is read twice:
 * first for what pairs them, then to be compared, so that only exchanges out of order are held.
 */
export async function* compareCaptures(
  before: string,
  after: string,
  options: CompareOptions,
): AsyncGenerator<ComparedPair> {
  const { onGap, onProgress, meant } = options
  const progress = (pass: 1 | 2 | 3) => ({
    onProgress: (bytes: number, total: number | null) => onProgress?.(bytes, total, pass),
  })
  const gaps = { meant, ...(onGap && { onGap }) }
  const digests = await digestsOf(readExchanges(before, { ...progress(1), ...gaps }))
  const others = await digestsOf(readExchanges(after, { ...progress(2), ...gaps }))
  const pairs = pairUp(digests, others)
  const held = new Held(readExchanges(after, { meant }), pairs, options.maxHeldBytes ?? 256 * 1024 * 1024)
  try {
    yield* pairwise(readExchanges(before, { ...progress(3), meant }), pairs, held, options)
    yield* held.rest()
  } finally {
    await held.close()
  }
}

async function* pairwise(
  exchanges: AsyncIterable<ExchangeView>,
  pairs: readonly (PairedWith | null)[],
  held: Held,
  { level, legs }: CompareOptions,
): AsyncGenerator<ComparedPair> {
  let at = 0
  for await (const exchange of exchanges) {
    const pair = pairs[at++] ?? null
    const like = pair && (await held.take(pair.at))
    if (!like || !pair) yield { kind: 'only', side: 'before', exchange: named(exchange) }
    else if (!like.view) yield { kind: 'apart', before: named(exchange), after: like.name }
    else {
      const comparison = compareExchanges(exchange, like.view, level, legs)
      yield { kind: 'pair', before: named(exchange), after: like.name, by: pair.by, comparison }
    }
  }
}

async function digestsOf(exchanges: AsyncIterable<ExchangeView>): Promise<ExchangeDigest[]> {
  const digests: ExchangeDigest[] = []
  for await (const exchange of exchanges) digests.push(digestOf(exchange))
  return digests
}

interface HeldExchange {
  name: NamedExchange
  /** Null: it had to make room. */
  view: ExchangeView | null
}

/** The second capture, read as far as the first one asks. */
class Held {
  readonly #exchanges: AsyncGenerator<ExchangeView>
  /** Places of the second that the first asks for. */
  readonly #wanted: ReadonlySet<number>
  readonly #maxBytes: number
  readonly #waiting = new Map<number, HeldExchange>()
  readonly #alone: NamedExchange[] = []
  #bytes = 0
  #at = 0

  constructor(
    exchanges: AsyncGenerator<ExchangeView>,
    pairs: readonly (PairedWith | null)[],
    maxBytes: number,
  ) {
    this.#exchanges = exchanges
    this.#wanted = new Set(pairs.flatMap((pair) => (pair ? [pair.at] : [])))
    this.#maxBytes = maxBytes
  }

  /** Null where the file has changed since it was read first. */
  async take(at: number): Promise<HeldExchange | null> {
    while (this.#at <= at && (await this.#next())) {
      // All of it is done in the condition.
    }
    const found = this.#waiting.get(at) ?? null
    this.#waiting.delete(at)
    if (found?.view) this.#bytes -= bodyBytes(found.view)
    return found
  }

  async *rest(): AsyncGenerator<ComparedPair> {
    while (await this.#next()) yield* this.#takeAlone()
    yield* this.#takeAlone()
  }

  async close(): Promise<void> {
    await this.#exchanges.return(undefined)
  }

  *#takeAlone(): Iterable<ComparedPair> {
    for (const exchange of this.#alone.splice(0)) yield { kind: 'only', side: 'after', exchange }
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#exchanges.next()
    if (done) return false
    const at = this.#at++
    if (!this.#wanted.has(at)) {
      this.#alone.push(named(value))
      return true
    }
    this.#waiting.set(at, { name: named(value), view: value })
    this.#bytes += bodyBytes(value)
    this.#makeRoom()
    return true
  }

  #makeRoom(): void {
    for (const held of this.#waiting.values()) {
      if (this.#bytes <= this.#maxBytes || this.#waiting.size === 1) return
      if (!held.view) continue
      this.#bytes -= bodyBytes(held.view)
      held.view = null
    }
  }
}

function named({ id, session, turn, requestedModel: model, openedAtNs }: ExchangeView): NamedExchange {
  return { id, session, turn, model, openedAtNs }
}

/** Two exchanges of one capture, by their ids or beginnings of them. */
export async function* compareTwo(
  path: string,
  [before, after]: readonly [string, string],
  { level, legs, onGap }: CompareOptions,
): AsyncGenerator<ComparedPair> {
  const [was] = await all(readExchanges(path, { only: before, ...(onGap && { onGap }) }))
  const [is] = await all(readExchanges(path, { only: after }))
  if (!was || !is) return
  const comparison = compareExchanges(was, is, level, legs)
  yield { kind: 'pair', before: named(was), after: named(is), by: 'asked', comparison }
}

async function all(exchanges: AsyncIterable<ExchangeView>): Promise<ExchangeView[]> {
  const found: ExchangeView[] = []
  for await (const exchange of exchanges) found.push(exchange)
  return found
}
