import type { InterpretationRecord } from '../../../src/capture/format/records.ts'
import type { CaptureWriter } from '../../../src/capture/writer/capture-writer.ts'
import { systemClock } from '../../../src/core/clock.ts'
import type { HeaderPairs } from '../../../src/core/http.ts'

const now = () => systemClock.monotonicNs()

export interface ExchangeParts {
  request?: string | Buffer
  chunks?: readonly (string | Buffer)[]
  session?: string
  headers?: HeaderPairs
  url?: string
  /** Of BTP and PTC. */
  enc?: string
}

/** Writes an exchange with one attempt, part by part. */
export class WrittenExchange {
  readonly x: string
  readonly #writer: CaptureWriter
  readonly #parts: ExchangeParts

  constructor(writer: CaptureWriter, x: string, parts: ExchangeParts = {}) {
    this.#writer = writer
    this.x = x
    this.#parts = parts
  }

  /** All of it. */
  static whole(writer: CaptureWriter, x: string, parts: ExchangeParts = {}): WrittenExchange {
    const exchange = new WrittenExchange(writer, x, parts)
    exchange.ask()
    exchange.answer()
    for (const chunk of parts.chunks ?? ['data: [DONE]\n\n']) exchange.chunk(chunk)
    exchange.end()
    return exchange
  }

  ask(): void {
    const { x } = this
    const { request = '{"model":"m"}', headers = [], url = '/v1/chat/completions', session } = this.#parts
    const bytes = Buffer.from(request)
    this.#writer.write({ k: 'xo', x, t: now(), ep: 'openai-chat' })
    this.#writer.write({ k: 'h', x, l: 0, t: now(), m: 'POST', u: url, ver: '1.1', hd: headers })
    this.#writer.write({ k: 'b', x, l: 0, t: now(), bytes })
    this.#writer.write({ k: 'e', x, l: 0, t: now(), why: 'eof' })
    if (session !== undefined) this.#writer.write({ k: 's', x, t: now(), session, turn: 1, stream: true })
    this.#writer.write({
      ...{ k: 'h', x, l: 2, a: 1, t: now(), m: 'POST', u: url, hd: headers },
      ...{ be: 'openai', bt: 'openai', mod: 'm', pr: 'openai-chat' },
    })
    this.#writer.write({ k: 'b', x, l: 2, a: 1, t: now(), bytes })
    this.#writer.write({ k: 'e', x, l: 2, a: 1, t: now(), why: 'eof' })
  }

  answer(): void {
    const { headers: hd = [], enc } = this.#parts
    const head = { k: 'h', x: this.x, st: 200, hd, ...(enc !== undefined && { enc }) } as const
    this.#writer.write({ ...head, l: 3, a: 1, t: now() })
    this.#writer.write({ ...head, l: 1, t: now() })
  }

  chunk(chunk: string | Buffer): void {
    const { x } = this
    // Lent: what is kept of it must be a copy.
    const bytes = Buffer.from(chunk)
    this.#writer.write({ k: 'b', x, l: 3, a: 1, t: now(), bytes })
    this.#writer.write({ k: 'b', x, l: 1, t: now(), bytes })
    bytes.fill(0)
  }

  end(u: Partial<InterpretationRecord> = {}): void {
    const { x } = this
    this.#writer.write({ k: 'e', x, l: 3, a: 1, t: now(), why: 'eof' })
    this.#writer.write({ k: 'e', x, l: 1, t: now(), why: 'eof' })
    this.#writer.write({
      ...{
        k: 'u',
        x,
        t: now(),
        purpose: 'chat',
        stream: true,
        outcome: 'complete',
        status: 200,
        attempts: [],
      },
      ...(this.#parts.session !== undefined && { session: this.#parts.session }),
      ...u,
    })
  }
}
