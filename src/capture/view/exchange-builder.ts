import type {
  CaptureRecord,
  HeadRecord,
  InterpretationRecord,
  InterpretedAttempt,
  LegNumber,
  SessionRecord,
} from '../format/records.ts'
import { legNumbers } from '../format/records.ts'
import type { CaptureItem } from '../reader/items.ts'
import { LegBuilder } from './leg-builder.ts'
import type { AttemptView, ExchangeView, LegView } from './view.ts'

/** What is of one exchange. */
export type ExchangeRecord = Extract<CaptureRecord, { x: string }>

export interface ExchangeItem extends CaptureItem {
  record: ExchangeRecord
}

interface OpenAttempt {
  head: HeadRecord | null
  ptb: LegBuilder | null
  btp: LegBuilder | null
}

/** What one takes beside its heads and bodies, about. */
const exchangeBytes = 1000

/** One exchange while its records come, in whatever order and with whatever gaps. */
export class ExchangeBuilder {
  readonly run: string
  /** Of memory, about. */
  bytes = exchangeBytes
  readonly #maxBytes: number
  readonly #first: ExchangeItem
  #last: ExchangeItem
  #protocol: string | null = null
  #ctp: LegBuilder | null = null
  #ptc: LegBuilder | null = null
  readonly #attempts = new Map<number, OpenAttempt>()
  #facts: SessionRecord | InterpretationRecord | null = null
  #closed: InterpretationRecord | null = null

  /** `maxBytes`: of what is kept of it; beyond them its largest bodies are only counted. */
  constructor(first: ExchangeItem, run: string, maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes
    this.run = run
    this.#first = first
    this.#last = first
  }

  take(item: ExchangeItem): void {
    const { record } = item
    this.#last = item
    switch (record.k) {
      case 'xo':
        this.#protocol = record.ep === '' ? null : record.ep
        return
      case 's':
        this.#facts = record
        return
      case 'u':
        this.#facts = record
        this.#closed = record
        return
      case 'h':
        return this.#head(record, item)
      case 'b': {
        const leg = this.#leg(record.l, record.a)
        const before = leg.bytes
        leg.body(record, item)
        this.bytes += leg.bytes - before
        if (this.bytes > this.#maxBytes) this.#fit()
        return
      }
      case 'e':
        return this.#leg(record.l, record.a).end(record, item)
    }
  }

  view(): ExchangeView {
    // Before the client's answer, which may be the same.
    const attempts = this.#attemptViews()
    const facts = this.#facts
    const { file, version, wallNs, entry, record } = this.#first
    return {
      id: record.x,
      protocol: this.#protocol,
      openedAtNs: wallNs,
      lastAtNs: Math.max(wallNs, this.#last.wallNs),
      session: facts?.session ?? null,
      turn: facts?.turn ?? null,
      clientApp: facts?.client_app ?? null,
      requestedModel: facts?.requested_model ?? null,
      stream: facts?.stream ?? false,
      ctp: this.#ctp?.view() ?? null,
      ptc: this.#ptc?.view(this.#lastAnswer()) ?? null,
      attempts,
      closed: this.#closed,
      entries: { first: entry, last: this.#last.file === file ? this.#last.entry : entry },
      file,
      version,
    }
  }

  #lastAnswer(): LegBuilder | null {
    return [...this.#attempts.values()].findLast(({ btp }) => btp !== null)?.btp ?? null
  }

  #fit(): void {
    const legs = [this.#ctp, this.#ptc, ...[...this.#attempts.values()].flatMap(({ ptb, btp }) => [ptb, btp])]
    const bySize = legs.filter((leg) => leg !== null).sort((a, b) => b.bytes - a.bytes)
    for (const leg of bySize) {
      if (this.bytes <= this.#maxBytes) return
      const before = leg.bytes
      leg.forgetBody()
      this.bytes += leg.bytes - before
    }
  }

  #head(record: HeadRecord, item: ExchangeItem): void {
    if (record.l === legNumbers.PTB) this.#attempt(record.a).head = record
    const leg = this.#leg(record.l, record.a)
    const before = leg.bytes
    leg.head(record, item)
    this.bytes += leg.bytes - before
  }

  #leg(number: LegNumber, attempt: number | undefined): LegBuilder {
    switch (number) {
      case legNumbers.CTP:
        this.#ctp ??= new LegBuilder('CTP', null)
        return this.#ctp
      case legNumbers.PTC:
        this.#ptc ??= new LegBuilder('PTC', null)
        return this.#ptc
      case legNumbers.PTB: {
        const open = this.#attempt(attempt)
        open.ptb ??= new LegBuilder('PTB', attempt ?? 1)
        return open.ptb
      }
      default: {
        const open = this.#attempt(attempt)
        open.btp ??= new LegBuilder('BTP', attempt ?? 1)
        return open.btp
      }
    }
  }

  #attempt(number = 1): OpenAttempt {
    const known = this.#attempts.get(number)
    if (known) return known
    const open: OpenAttempt = { head: null, ptb: null, btp: null }
    this.#attempts.set(number, open)
    return open
  }

  /** Those of which something passed, and those that are only told of: a connection that was refused has no leg. */
  #attemptViews(): AttemptView[] {
    const told = new Map((this.#closed?.attempts ?? []).map((attempt) => [attempt.n, attempt]))
    const numbers = new Set([...this.#attempts.keys(), ...told.keys()])
    return [...numbers]
      .sort((a, b) => a - b)
      .map((number) => attemptView(number, this.#attempts.get(number), told.get(number)))
  }
}

function attemptView(
  number: number,
  open: OpenAttempt | undefined,
  told: InterpretedAttempt | undefined,
): AttemptView {
  const view = (leg: LegBuilder | null | undefined): LegView | null => leg?.view() ?? null
  return {
    number,
    backend: open?.head?.be ?? told?.backend ?? null,
    backendType: open?.head?.bt ?? told?.backend_type ?? null,
    model: open?.head?.mod ?? told?.model ?? null,
    protocol: open?.head?.pr ?? (told?.protocol || null),
    ptb: view(open?.ptb),
    btp: view(open?.btp),
  }
}
