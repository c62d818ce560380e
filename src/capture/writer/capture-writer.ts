import type { SecretKind } from '../../core/secrets/mark.ts'
import { CaptureError } from '../format/capture-error.ts'
import { type ThreadNote, unknownEncoding } from './batches.ts'
import type { BodyEntry, CaptureEntry } from './entries.ts'
import { type LegCount, legOf, type OpenExchange, OpenExchanges } from './open-exchanges.ts'
import type { CaptureWriterOptions } from './options.ts'
import type { Queue } from './queue.ts'
import type { CaptureSettings, CaptureState, SavedCapture } from './settings.ts'
import { ThreadKeeper } from './thread-keeper.ts'

/**
 * Records the wire (`spec/capture.md`). A thread of its own redacts, deduplicates and writes; what is called here costs a
 * copy, never waits and, but for promises, never fails.
 */
export interface CaptureWriter {
  /**
   * To be called in every mode, so that exchanges can be joined midway. Bytes are copied; entries of exchanges that
   * were not opened are passed over.
   */
  write(entry: CaptureEntry): void
  /** Makes a secret known to the thread, before all that is written after it. */
  learn(value: string, kind: SecretKind): void
  /** From the next entry on. The mode is part of it. Resolves when `state` says what came of it; never rejects. */
  configure(settings: CaptureSettings): Promise<void>
  /**
   * Mode `recent`: writes what is kept, or this exchange and the last three of its session, to a file at once; what
   * follows of those that are open is added until they close. What was saved before is not written again. Mode `all`:
   * everything is in the file when it resolves. Rejects with `CaptureError`: `unsupported` when off, `not_found`,
   * `unwritable`.
   */
  save(what?: { exchange?: string }): Promise<SavedCapture>
  /** The same in mode `recent` for an issue that was found, at most once a minute; tells the log. */
  saveForIssue(exchange: string): void
  state(): CaptureState
  /** When it resolves, all is written and the file is ended in order. */
  close(): Promise<void>
}

export function createCaptureWriter(options: CaptureWriterOptions): CaptureWriter {
  const exchanges = new OpenExchanges()
  const thread = new ThreadKeeper(options, () => exchanges.numbers())
  let settings = options.settings

  /** Whether the thread knows of the exchange, told now if need be. */
  function knows(exchange: OpenExchange, queue: Queue, isLate: boolean): boolean {
    if (exchange.toldIn === thread.generation) return true
    const { x, t, ep } = exchange.opened
    if (!queue.tells(exchange.number, { k: 'xo', x, t, ep, ...(isLate && { late: true }) })) return false
    exchange.toldIn = thread.generation
    return true
  }

  /** Whether it knows how the leg's bytes are encoded, and whether it hears them from the first one on. */
  function knowsLeg({ number }: OpenExchange, leg: LegCount, queue: Queue): boolean {
    const { l, a, enc } = leg
    const { generation } = thread
    const isLate = leg.begunIn !== generation
    if (leg.toldIn === generation || (enc === null && !isLate)) return true
    const told: ThreadNote = { k: 'leg', l, a, enc: enc === undefined ? unknownEncoding : (enc ?? '') }
    if (!queue.tells(number, isLate ? { ...told, late: true } : told)) return false
    leg.toldIn = generation
    return true
  }

  function note(exchange: OpenExchange, t: number, what: ThreadNote): void {
    const { queue } = thread
    const { x } = exchange.opened
    if (!queue) return thread.lost(x, t, 0)
    if (knows(exchange, queue, true)) queue.note(x, exchange.number, t, what)
    else queue.drop(x, t, 0)
  }

  function body(exchange: OpenExchange, { l, a, t, bytes }: BodyEntry): void {
    const leg = legOf(exchange, l, a)
    const n = leg.chunks++
    leg.bytes += bytes.length
    const { queue } = thread
    const { opened, number } = exchange
    if (!queue) return thread.lost(opened.x, t, bytes.length)
    if (knows(exchange, queue, true) && knowsLeg(exchange, leg, queue)) {
      queue.body(opened.x, { exchange: number, l, a: leg.a, n, t, bytes })
    } else queue.drop(opened.x, t, bytes.length)
  }

  function begin(leg: LegCount, enc: string | null): void {
    leg.enc = enc
    leg.begunIn = thread.generation
  }

  function take(entry: CaptureEntry): void {
    if (entry.k === 'xo') {
      const exchange = exchanges.open(entry)
      const { queue } = thread
      if (queue) {
        if (!knows(exchange, queue, false)) queue.drop(entry.x, entry.t, 0)
      } else thread.lost(entry.x, entry.t, 0)
      return
    }
    if (entry.k === 'unheard') return exchanges.close(entry.x)
    const exchange = exchanges.get(entry.x)
    if (!exchange) return
    switch (entry.k) {
      case 'b':
        return body(exchange, entry)
      case 'h':
        begin(legOf(exchange, entry.l, entry.a), entry.enc ?? null)
        break
      case 'e': {
        const { chunks: n, bytes } = legOf(exchange, entry.l, entry.a)
        return note(exchange, entry.t, { ...entry, n, bytes })
      }
      case 'u':
        exchanges.close(entry.x)
    }
    note(exchange, entry.t, entry)
  }

  return {
    write(entry) {
      try {
        take(entry)
      } catch {
        // What cannot be said as JSON: a fault of who wrote it, which no exchange may feel.
        thread.lost(entry.x, entry.t, 0)
      }
    },
    learn: (value, kind) => thread.learn(value, kind),
    configure(changed) {
      settings = changed
      return thread.configure(changed)
    },
    save(what = {}) {
      if (settings.mode === 'off') {
        const message =
          'nothing is captured: switch it on first, with `llmproxy capture on` or `capture recent`'
        return Promise.reject(new CaptureError('unsupported', message))
      }
      return thread.save(what.exchange ?? null)
    },
    saveForIssue(exchange) {
      if (settings.mode !== 'recent' || !thread.saves.mayForIssue()) return
      thread.save(exchange).then(
        ({ file }) =>
          options.onNotice({
            ...{ level: 'warn', code: 'saved', file },
            message: `an issue was found: exchange ${exchange} and what its session did before is saved in ${file}`,
          }),
        (error: Error) =>
          options.onNotice({
            ...{ level: 'error', code: 'not_saved' },
            message: `an issue was found, but exchange ${exchange} could not be saved: ${error.message}`,
          }),
      )
    },
    state: () => thread.state(),
    close: () => thread.close(),
  }
}
