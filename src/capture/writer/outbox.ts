import type { Clock, Timer } from '../../core/clock.ts'
import {
  type BodyOfBatch,
  batchHeadBytes,
  bodySize,
  noteSize,
  type ThreadNote,
  writeBatchHead,
  writeBody,
  writeNote,
} from './batches.ts'
import type { Gauge } from './gauge.ts'

const batchBytes = 64 * 1024
const batchEveryMs = 10

export interface OutboxParts {
  clock: Clock
  gauge: Gauge
  post(batch: ArrayBuffer): void
  /** What may wait to be written. One entry that is larger passes when little waits. */
  maxWaitingBytes: number
}

/**
 * Gathers entries and hands them over, every 64 kB and every 10 ms. The gathering memory is always the same: what is
 * posted is a copy of just the size. Bytes that are given are copied before a method returns.
 */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #gathered = Buffer.alloc(batchBytes)
  #used = batchHeadBytes
  #entries = 0
  #timer: Timer | undefined

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** How full it is: 1 is all that may wait. */
  get load(): number {
    return (this.#parts.gauge.waitingBytes() + this.#used) / this.#parts.maxWaitingBytes
  }

  /** False: too much waits, it was not taken. */
  body(body: BodyOfBatch): boolean {
    const size = bodySize(body.bytes)
    if (!this.#fits(size)) return false
    this.#add(size, (into, at) => writeBody(into, at, body))
    return true
  }

  /** `must`: taken however much waits. */
  note(exchange: number, note: ThreadNote, must = false): boolean {
    const json = JSON.stringify(note)
    const size = noteSize(json)
    if (!must && !this.#fits(size)) return false
    this.#add(size, (into, at) => writeNote(into, at, exchange, json))
    return true
  }

  /** Posts what there is; an empty batch only tells the time. */
  flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#post(this.#gathered.buffer.slice(this.#gathered.byteOffset, this.#gathered.byteOffset + this.#used))
    this.#used = batchHeadBytes
    this.#entries = 0
  }

  /** What was gathered is forgotten: how many entries. */
  discard(): number {
    const entries = this.#entries
    this.#timer?.cancel()
    this.#timer = undefined
    this.#used = batchHeadBytes
    this.#entries = 0
    return entries
  }

  #fits(size: number): boolean {
    const waiting = this.#parts.gauge.waitingBytes() + this.#used
    const { maxWaitingBytes } = this.#parts
    return waiting + size <= maxWaitingBytes || (size > maxWaitingBytes && waiting <= maxWaitingBytes / 2)
  }

  #add(size: number, write: (into: Buffer, at: number) => number): void {
    if (this.#used + size > batchBytes && this.#entries > 0) this.flush()
    if (batchHeadBytes + size > batchBytes) return this.#addLarge(size, write)
    this.#used = write(this.#gathered, this.#used)
    this.#entries++
    this.#timer ??= this.#parts.clock.after(batchEveryMs, () => this.flush())
  }

  #addLarge(size: number, write: (into: Buffer, at: number) => number): void {
    // Not of Node's pool: its memory goes over to the other thread.
    const own = Buffer.allocUnsafeSlow(batchHeadBytes + size)
    const end = write(own, batchHeadBytes)
    this.#entries = 1
    this.#post(end === own.length ? own.buffer : own.buffer.slice(0, end))
    this.#entries = 0
  }

  #post(batch: ArrayBuffer): void {
    const { clock, gauge, post } = this.#parts
    writeBatchHead(Buffer.from(batch), clock.monotonicNs(), clock.nowMs())
    gauge.posted(batch.byteLength, this.#entries)
    post(batch)
  }
}
