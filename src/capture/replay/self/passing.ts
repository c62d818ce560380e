import type { PriceOf } from '../../../core/cost.ts'
import type { Monitor } from '../../../core/monitor.ts'
import { legNumbers } from '../../format/records.ts'
import { captureMonitor } from '../../monitor/capture-monitor.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { CaptureEntry } from '../../writer/entries.ts'
import { RunMemory } from '../run-memory.ts'

/** Of one attempt, what the proxy has read from its backend. */
interface Read {
  hasHead: boolean
  bytes: number
  isOver: boolean
}

const unread: Read = { hasHead: false, bytes: 0, isOver: false }

const noPrice: PriceOf = () => null

/** The one exchange that passes through the proxy now, as the proxy itself tells of it. */
export class Passing {
  readonly monitor: Monitor
  readonly #memory: RunMemory
  readonly #write: ((entry: CaptureEntry) => void) | undefined
  #id: string | null = null
  #isClosed = false
  /** Attempts that were begun. */
  #attempts = 0
  readonly #read = new Map<number, Read>()
  readonly #waiting = new Set<() => void>()

  /** `wallNsOf` as for `RunMemory`; `write` is given all that passes. */
  constructor(wallNsOf: (t: number) => number, write?: (entry: CaptureEntry) => void) {
    this.#memory = new RunMemory(wallNsOf)
    this.#write = write
    const wire = captureMonitor({ write: (entry) => this.#take(entry), isOn: () => true, priceOf: noPrice })
    this.monitor = {
      ...{ ...wire, name: 'replay' },
      attempted: (exchange, attempt) => {
        // Before anything is sent, and so before anybody is called.
        this.#attempts = attempt.number
        wire.attempted?.(exchange, attempt)
      },
    }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Attempts that the proxy began. */
  get attempts(): number {
    return this.#attempts
  }

  /** What the proxy has of the answer of an attempt, which counts from 1. */
  read(attempt: number): Readonly<Read> {
    return this.#read.get(attempt) ?? unread
  }

  /** Resolves when anything passes, or `ms` of the real time later. */
  async next(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#waiting.add(done)
    })
  }

  /** Resolves when `isSo`, looked at whenever something passes; false: it did not become so within `ms` of the real time. */
  async until(isSo: () => boolean, ms: number): Promise<boolean> {
    const endsAtMs = performance.now() + ms
    while (!isSo()) {
      const leftMs = endsAtMs - performance.now()
      if (leftMs <= 0) return false
      await this.next(leftMs)
    }
    return true
  }

  /** Something else happened that somebody may wait for. */
  wake(): void {
    for (const done of [...this.#waiting]) done()
  }

  /** The exchange as it passed; the next one may come. */
  release(): ExchangeView | null {
    const view = this.#id === null ? null : this.#memory.release(this.#id)
    this.#id = null
    this.#isClosed = false
    this.#attempts = 0
    this.#read.clear()
    return view
  }

  #take(entry: CaptureEntry): void {
    this.#write?.(entry)
    this.#memory.take(entry)
    if (entry.k === 'xo') this.#id = entry.x
    else if (entry.k === 'u') this.#isClosed = true
    else if ('l' in entry && entry.l === legNumbers.BTP) this.#note(entry)
    this.wake()
  }

  #note(entry: Extract<CaptureEntry, { l: number }>): void {
    const number = entry.a ?? 1
    const before = this.read(number)
    this.#read.set(number, {
      hasHead: before.hasHead || entry.k === 'h',
      bytes: before.bytes + (entry.k === 'b' ? entry.bytes.length : 0),
      isOver: before.isOver || entry.k === 'e',
    })
  }
}
