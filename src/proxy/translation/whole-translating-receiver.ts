import { ProxyError } from '../../core/errors.ts'
import type { Event } from '../../core/event.ts'
import type { Attempt } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import { failedAttempt } from '../answer/failed-attempt.ts'
import type { Outlet } from '../answer/outlet.ts'
import type { AnswerHead, AttemptResult, Receiver } from '../answer/receiver.ts'
import { reportedAsError } from '../answer/reported-as-error.ts'
import { decodeBody } from '../body/content-encoding.ts'
import type { Observation } from '../observation.ts'

/** A whole body understood, and what the client gets of it. */
export interface WholeReading {
  events: Event[]
  body: () => Buffer
}

export interface WholeTranslatingReceiverParts {
  /** Undefined when the body is no answer of the backend's protocol. */
  read: (body: Json) => WholeReading | undefined
  head: AnswerHead
  attempt: Attempt
  observation: Observation
  outlet: Outlet
  begin: (length: number) => void
  settle: (result: AttemptResult) => void
}

/** What can be held and parsed of an answer: pictures and sound come in base64. */
const maxBytes = 64 << 20

/** Reads a whole answer of another protocol and answers with its translation. */
export class WholeTranslatingReceiver implements Receiver {
  private readonly parts: WholeTranslatingReceiverParts
  private readonly chunks: Buffer[] = []
  private length = 0
  private over = false

  constructor(parts: WholeTranslatingReceiverParts) {
    this.parts = parts
  }

  data(bytes: Buffer): void {
    if (this.over) return
    this.length += bytes.length
    this.parts.observation.received(bytes, this.parts.observation.nowNs())
    if (this.length > maxBytes) this.failed(this.fault('is larger than can be translated'))
    else this.chunks.push(bytes)
  }

  ended(): void {
    this.answer().catch((thrown) => this.failed(this.asFault(thrown)))
  }

  failed(error: ProxyError): void {
    if (this.over) return
    this.over = true
    this.parts.settle(failedAttempt(error))
  }

  clientGone(): void {}

  private async answer(): Promise<void> {
    const { read, head, attempt, observation, outlet, begin, settle } = this.parts
    const encoding = headerValue(head.headers, 'content-encoding')
    const raw = Buffer.concat(this.chunks, this.length)
    const decoded = await decodeBody(raw, encoding, maxBytes, () => this.fault('inflates beyond all measure'))
    if (this.over) return
    const body = parsed(decoded)
    if (body === undefined) throw this.fault('is not whole JSON', 'backend_truncated')
    const reading = read(body)
    if (reading === undefined) throw this.fault('is no answer of its protocol')
    const { events } = reading
    const error = events.find((event) => event.type === 'error')
    if (error) return this.failed(reportedAsError(error))
    observation.events(attempt, events, observation.nowNs())
    const translated = reading.body()
    this.over = true
    begin(translated.length)
    outlet.end(translated)
    observation.passed('PTC', translated, observation.nowNs())
    settle({ kind: 'answered' })
  }

  private fault(what: string, code: 'backend_answer' | 'backend_truncated' = 'backend_answer'): ProxyError {
    return new ProxyError(code, `the answer of backend ${this.parts.attempt.backend} ${what}`)
  }

  private asFault(thrown: unknown): ProxyError {
    if (thrown instanceof ProxyError && thrown.code.startsWith('backend_')) return thrown
    const { backend } = this.parts.attempt
    return new ProxyError('backend_answer', `the answer of backend ${backend} cannot be translated`, {
      cause: thrown,
    })
  }
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    return undefined
  }
}
