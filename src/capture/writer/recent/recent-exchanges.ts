import { isBlob, piecesOf } from '../../dedup/pieces.ts'
import type { CleanBodyRecord, CleanRecord, RecordedExchange } from '../clean-record.ts'
import { BlobShelf } from './blob-shelf.ts'
import { type KeptExchange, type KeptRecord, noteLoss } from './kept-exchange.ts'

/** Of a record in memory beside its texts and bytes; measured. */
const recordCostBytes = 300
const bodyCostBytes = 480
/** With an exchange that was asked for, so many of its session before it are saved. */
const sessionBefore = 3
/** Where only open exchanges are left, more than needed leaves at once, so that it is not done for each chunk. */
const shortenTo = 0.9

const inPieces = new Uint8Array(0)

/** Answers are shortened first: without its request nobody understands an exchange. */
const answers: readonly number[] = [1, 3]
const requests: readonly number[] = [0, 2]

/**
 * The last exchanges, in memory of bounded size: the oldest that have closed leave first, whole. Where only open ones are
 * left, the longest of them loses the oldest of its chunks; heads stay.
 */
export class RecentExchanges {
  readonly #shelf = new BlobShelf()
  /** In the order in which they began. */
  readonly #kept = new Map<RecordedExchange, KeptExchange>()
  #recordBytes = 0

  get bytes(): number {
    return this.#recordBytes + this.#shelf.bytes
  }

  /** What is kept of the record. `isPlain`: a body is not cut, for that takes time. */
  take(exchange: RecordedExchange, record: CleanRecord, isPlain: boolean): KeptRecord {
    const kept = this.#of(exchange)
    const one = record.k === 'b' ? this.#body(record, isPlain) : other(record)
    kept.records.push(one)
    this.#count(kept, one.bytes)
    return one
  }

  closed(exchange: RecordedExchange): void {
    const kept = this.#kept.get(exchange)
    if (kept) kept.isClosed = true
  }

  /** Lets go of what is beyond so many bytes. */
  fit(maxBytes: number): void {
    if (this.bytes <= maxBytes) return
    for (const kept of this.#kept.values()) {
      if (kept.isClosed) this.#forget(kept)
      if (this.bytes <= maxBytes) return
    }
    const byLength = [...this.#kept.values()].sort((a, b) => b.bytes - a.bytes)
    for (const legs of [answers, requests]) {
      for (const kept of byLength) {
        if (this.bytes <= maxBytes * shortenTo) return
        this.#shorten(kept, legs, maxBytes * shortenTo)
      }
    }
  }

  /** All, or one by its id with those before it in its session; the oldest first. */
  pick(id: string | null): KeptExchange[] {
    const all = [...this.#kept.values()]
    if (id === null) return all
    const at = all.findIndex(({ exchange }) => exchange.x === id)
    const asked = all[at]
    if (!asked) return []
    const { session } = asked.exchange
    const before = all.slice(0, at).filter((kept) => session !== null && kept.exchange.session === session)
    return [...before.slice(-sessionBefore), asked]
  }

  open(): KeptExchange[] {
    return [...this.#kept.values()].filter(({ isClosed }) => !isClosed)
  }

  #of(exchange: RecordedExchange): KeptExchange {
    const known = this.#kept.get(exchange)
    if (known) return known
    const kept: KeptExchange = {
      ...{ exchange, records: [], bytes: 0, isClosed: false, loss: null, savedIn: null },
    }
    this.#kept.set(exchange, kept)
    this.#count(kept, recordCostBytes)
    return kept
  }

  #body({ bytes, ...rest }: CleanBodyRecord, isPlain: boolean): KeptRecord {
    const pieces = this.#shelf.keep(isPlain ? [bytes] : piecesOf(bytes))
    let kept = bodyCostBytes
    for (const piece of pieces) if (typeof piece === 'string' || !isBlob(piece)) kept += piece.length
    return { record: { ...rest, bytes: inPieces }, pieces, bytes: kept }
  }

  #forget(kept: KeptExchange): void {
    this.#kept.delete(kept.exchange)
    this.#recordBytes -= kept.bytes
    for (const { pieces } of kept.records) if (pieces) this.#shelf.giveBack(pieces)
  }

  #shorten(kept: KeptExchange, legs: readonly number[], toBytes: number): void {
    kept.records = kept.records.filter((one) => {
      const { record, pieces, bytes } = one
      if (this.bytes <= toBytes || record.k !== 'b' || !pieces || !legs.includes(record.l)) return true
      this.#shelf.giveBack(pieces)
      this.#count(kept, -bytes)
      noteLoss(kept, one)
      return false
    })
  }

  #count(kept: KeptExchange, bytes: number): void {
    kept.bytes += bytes
    this.#recordBytes += bytes
  }
}

function other(record: Exclude<CleanRecord, CleanBodyRecord>): KeptRecord {
  return { record, pieces: null, bytes: recordCostBytes + JSON.stringify(record).length * 2 }
}
