import type { Secrets } from '../../../core/secrets/secrets.ts'
import type { LegNumber } from '../../format/records.ts'
import type { ThreadNote } from '../batches.ts'
import type {
  CleanBodyRecord,
  CleanRecord,
  CleanSink,
  OfExchange,
  RecordedExchange,
} from '../clean-record.ts'
import type { DecodedBody } from '../decoding/decoders.ts'
import { type CleanBody, LegStream } from './leg-stream.ts'
import { TextRedaction } from './text-redaction.ts'

interface Recorded extends RecordedExchange {
  legs: Map<number, LegStream>
}

/** Makes clean records of what the main thread tells. */
export class Recorder {
  readonly texts: TextRedaction
  readonly #secrets: Secrets
  readonly #sink: CleanSink
  readonly #sinceBase: (t: number) => number
  readonly #exchanges = new Map<number, Recorded>()
  /** Legs that may have begun a chunk. */
  readonly #unsettled = new Set<LegStream>()

  constructor(secrets: Secrets, sink: CleanSink, sinceBase: (t: number) => number) {
    this.#secrets = secrets
    this.texts = new TextRedaction(secrets)
    this.#sink = sink
    this.#sinceBase = sinceBase
  }

  body(body: DecodedBody): void {
    const exchange = this.#exchanges.get(body.exchange)
    if (!exchange) return
    const leg = this.#leg(exchange, body.l, body.a)
    const t = this.#sinceBase(body.t)
    if (body.omitted) leg.omit(body.n, t, body.omitted.bytes, body.omitted.enc)
    else leg.push(body.n, t, body.bytes)
    this.#unsettled.add(leg)
  }

  /** Of an exchange; others are not for it. */
  note(number: number, note: ThreadNote): void {
    if (note.k === 'xo') return this.#open(number, note)
    const exchange = this.#exchanges.get(number)
    if (!exchange) return
    switch (note.k) {
      case 'leg':
        if (note.late) this.#leg(exchange, note.l, note.a ?? 0).cut()
        return
      case 'h':
        return this.#give(exchange, { ...this.texts.head(note), t: this.#sinceBase(note.t) })
      case 'e':
        exchange.legs.get(placeOf(note.l, note.a))?.end()
        exchange.legs.delete(placeOf(note.l, note.a))
        return this.#give(exchange, this.#clean(note))
      case 's':
      case 'u':
        exchange.session = note.session ?? exchange.session
        if (note.k === 'u') for (const leg of exchange.legs.values()) leg.end()
        this.#give(exchange, this.#clean(note))
        if (note.k === 'u') this.#close(exchange)
    }
  }

  /** The batch is over. */
  settle(): void {
    for (const leg of this.#unsettled) leg.settle()
    this.#unsettled.clear()
  }

  /** All but these have closed, though their last records were lost. Which they were. */
  closeAllBut(open: ReadonlySet<number>): number[] {
    const gone = [...this.#exchanges.values()].filter(({ number }) => !open.has(number))
    for (const exchange of gone) {
      for (const leg of exchange.legs.values()) leg.cut()
      this.#close(exchange)
    }
    return gone.map(({ number }) => number)
  }

  #open(number: number, { x, t, ep, late }: Extract<ThreadNote, { k: 'xo' }>): void {
    const opened = { t: this.#sinceBase(t), ep }
    const exchange: Recorded = { number, x, opened, session: null, legs: new Map() }
    this.#exchanges.set(number, exchange)
    if (!late) this.#give(exchange, { k: 'xo', x, ...opened })
  }

  #leg(exchange: Recorded, l: LegNumber, a: number): LegStream {
    const place = placeOf(l, a)
    const known = exchange.legs.get(place)
    if (known) return known
    const { x } = exchange
    const give = ({ bytes, n, t, more, omitted, enc }: CleanBody) => {
      const record: CleanBodyRecord = { k: 'b', x, l, n, t, bytes }
      if (a > 0) record.a = a
      if (more) record.more = true
      if (enc !== null) record.enc = enc
      if (omitted > 0) record.omitted = omitted
      this.#give(exchange, record)
    }
    const leg = new LegStream(() => this.#secrets.redactor(), give)
    exchange.legs.set(place, leg)
    return leg
  }

  #clean(note: Extract<ThreadNote, { k: 's' | 'e' | 'u' }>): OfExchange {
    this.texts.record(note)
    note.t = this.#sinceBase(note.t)
    return note
  }

  #give(exchange: RecordedExchange, record: CleanRecord): void {
    this.#sink.record(exchange, record)
  }

  #close(exchange: Recorded): void {
    this.#exchanges.delete(exchange.number)
    for (const leg of exchange.legs.values()) this.#unsettled.delete(leg)
    // In mode recent the exchange is kept for long.
    exchange.legs.clear()
    this.#sink.closed(exchange)
  }
}

function placeOf(l: LegNumber, a: number | undefined): number {
  return (a ?? 0) * 4 + l
}
