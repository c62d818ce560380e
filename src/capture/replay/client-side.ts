import type { Clock } from '../../core/clock.ts'
import type { HeaderPairs } from '../../core/http.ts'
import { headerValue } from '../../core/http.ts'
import { type LegNumber, legNumbers } from '../format/records.ts'
import type { ExchangeView } from '../view/view.ts'
import type { CaptureEntry } from '../writer/entries.ts'
import type { AnswerEnd, AnswerListener } from './client.ts'
import type { ClientRequest } from './client-request.ts'

export interface ClientSideParts {
  /** Of the new exchange. */
  id: string
  recorded: ExchangeView
  clock: Clock
  write: (entry: CaptureEntry) => void
}

/** What a client knows of an exchange, as a capture has it: its request and its answer, and nothing behind the proxy. */
export class ClientSide implements AnswerListener {
  readonly #parts: ClientSideParts
  #status: number | null = null
  #encoding: string | null = null
  #bytes = 0

  constructor(parts: ClientSideParts) {
    this.#parts = parts
  }

  /** Bytes of the answer so far. */
  get bytes(): number {
    return this.#bytes
  }

  get status(): number | null {
    return this.#status
  }

  /** The content encoding of the answer, which nobody asked for; null: none. */
  get encoding(): string | null {
    return this.#encoding
  }

  asked({ method, path, headers, body }: ClientRequest): void {
    const { recorded } = this.#parts
    const { protocol, session, turn, clientApp, requestedModel, stream } = recorded
    this.#write({ ...this.#place('xo'), ep: protocol ?? '' })
    this.#write({
      ...{ ...this.#place('s'), stream },
      ...(session !== null && { session }),
      ...(turn !== null && { turn }),
      ...(clientApp !== null && { client_app: clientApp }),
      ...(requestedModel !== null && { requested_model: requestedModel }),
    })
    this.#write({ ...this.#leg('h', legNumbers.CTP), m: method, u: path, hd: headers })
    if (body.length > 0) this.#write({ ...this.#leg('b', legNumbers.CTP), bytes: body })
    this.#write({ ...this.#leg('e', legNumbers.CTP), why: 'eof' })
  }

  head(status: number, headers: HeaderPairs): void {
    const encoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase()
    this.#status = status
    this.#encoding = encoding === undefined || encoding === 'identity' ? null : encoding
    this.#write({
      ...{ ...this.#leg('h', legNumbers.PTC), st: status, hd: headers },
      ...(this.#encoding !== null && { enc: this.#encoding }),
    })
  }

  data(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    this.#write({ ...this.#leg('b', legNumbers.PTC), bytes })
  }

  ended(end: AnswerEnd): void {
    const { recorded } = this.#parts
    const { session, turn, requestedModel, stream, closed } = recorded
    const isWhole = end.why === 'eof'
    if (this.#status !== null) {
      this.#write({
        ...{ ...this.#leg('e', legNumbers.PTC), why: end.why },
        ...(end.why === 'error' && { err: end.error.message }),
      })
    }
    this.#write({
      ...{ ...this.#place('u'), purpose: closed?.purpose ?? 'chat', stream, attempts: [] },
      ...(session !== null && { session }),
      ...(turn !== null && { turn }),
      ...(requestedModel !== null && { requested_model: requestedModel }),
      outcome: !isWhole ? 'incomplete' : (this.#status ?? 0) >= 400 ? 'error' : 'complete',
      ...(end.why === 'abort_client' && { incomplete_reason: 'client_disconnect' }),
      ...(this.#status !== null && { status: this.#status }),
    })
  }

  #place<K extends string>(k: K): { k: K; x: string; t: number } {
    return { k, x: this.#parts.id, t: this.#parts.clock.monotonicNs() }
  }

  #leg<K extends string>(k: K, l: LegNumber): { k: K; x: string; t: number; l: LegNumber } {
    return { ...this.#place(k), l }
  }

  #write(entry: CaptureEntry): void {
    this.#parts.write(entry)
  }
}
