import { ProxyError } from '../../core/errors.ts'
import type { Attempt } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import type { Protocol } from '../../core/protocol.ts'
import { decodeBody, encodingsOf } from '../body/content-encoding.ts'
import type { Observation } from '../observation.ts'
import { failedAttempt } from './failed-attempt.ts'
import type { Outlet } from './outlet.ts'
import { PassingReceiver } from './passing-receiver.ts'
import type { AnswerHead, AttemptResult, Flow, Receiver } from './receiver.ts'

export interface WholeReceiverParts {
  protocol: Protocol
  head: AnswerHead
  attempt: Attempt
  observation: Observation
  outlet: Outlet
  flow: Flow
  /** Sends the head; `decoded` when the body goes out without its content-encoding. */
  begin: (about: { decoded: boolean; length: number | null }) => void
  acceptsEncoding: (encoding: string) => boolean
  onPaused: (paused: boolean) => void
  settle: (result: AttemptResult) => void
}

/** Beyond this an answer streams, without the headers that only a whole one can have; one that inflates to more passes unread. */
const maxWholeBytes = 8 << 20
/** What is inflated for a client that could not do it itself. */
const maxInflatedBytes = 4 * maxWholeBytes

/** Reads a whole answer to its end before the head goes out: a cut can still fail over, and the headers are true. */
export class WholeReceiver implements Receiver {
  private readonly parts: WholeReceiverParts
  private chunks: Buffer[] = []
  private length = 0
  private passing: PassingReceiver | undefined

  constructor(parts: WholeReceiverParts) {
    this.parts = parts
  }

  data(bytes: Buffer): void {
    if (this.passing) return this.passing.data(bytes)
    this.chunks.push(bytes)
    this.length += bytes.length
    this.parts.observation.received(bytes, this.parts.observation.nowNs())
    if (this.length > maxWholeBytes) this.stream()
  }

  ended(): void {
    if (this.passing) return this.passing.ended()
    const raw =
      this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.length)
    const encodings = encodingsOf(headerValue(this.parts.head.headers, 'content-encoding'))
    const passesRaw = encodings.every(this.parts.acceptsEncoding)
    try {
      if (encodings.length === 0) return this.answer(raw, raw, passesRaw)
    } catch (thrown) {
      return this.failed(asAnswerError(thrown))
    }
    this.decode(raw, passesRaw)
      .then((decoded) => this.answer(raw, decoded, passesRaw))
      .catch((thrown) => this.failed(asAnswerError(thrown)))
  }

  failed(error: ProxyError): void {
    if (this.passing) return this.passing.failed(error)
    this.parts.settle(failedAttempt(error))
  }

  clientGone(): void {
    this.passing?.clientGone()
  }

  /** `decoded`: null where it is not read. */
  private answer(raw: Buffer, decoded: Buffer | null, passesRaw: boolean): void {
    const { protocol, attempt, observation, outlet } = this.parts
    // Parsing holds up every other exchange: half a second for the worst 8 MB, a minute for the worst 100.
    const json = decoded === null || decoded.length > maxWholeBytes ? undefined : parsed(decoded)
    if (json === undefined && decoded !== null && this.wasCut(decoded)) {
      const { backend } = attempt
      return this.failed(
        new ProxyError('backend_truncated', `backend ${backend} ended its answer before it was complete`),
      )
    }
    if (json !== undefined) observation.events(attempt, protocol.decodeAnswer(json), observation.nowNs())
    const body = passesRaw || decoded === null ? raw : decoded
    this.parts.begin({ decoded: !passesRaw, length: body.length })
    outlet.end(body)
    observation.passed('PTC', body, observation.nowNs())
    this.parts.settle({ kind: 'answered' })
  }

  /** A body that only the close of its connection ends: JSON that stops short was cut, as nothing else can tell. */
  private wasCut(decoded: Buffer): boolean {
    const { headers } = this.parts.head
    const framed = headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding')
    const isJson = /\bjson\b/i.test(headerValue(headers, 'content-type') ?? '')
    return !framed && isJson && decoded.length <= maxWholeBytes
  }

  /** A body that goes out as it came is inflated only to be read: null if that would be too much. */
  private async decode(raw: Buffer, passesRaw: boolean): Promise<Buffer | null> {
    const header = headerValue(this.parts.head.headers, 'content-encoding')
    const tooLarge = new ProxyError(
      'backend_answer',
      `backend ${this.parts.attempt.backend} sent a body that inflates beyond all measure`,
    )
    try {
      return await decodeBody(raw, header, passesRaw ? maxWholeBytes : maxInflatedBytes, () => tooLarge)
    } catch (thrown) {
      if (passesRaw && thrown === tooLarge) return null
      throw thrown
    }
  }

  /** Too large to hold: what came goes out now, the rest as it comes. */
  private stream(): void {
    const { observation, outlet, flow, onPaused, settle, attempt } = this.parts
    this.parts.begin({ decoded: false, length: null })
    this.passing = new PassingReceiver({ observation, outlet, flow, onPaused, settle, attempt })
    for (const chunk of this.chunks) this.passing.pass(chunk)
    this.chunks = []
  }
}

function parsed(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch {
    return undefined
  }
}

function asAnswerError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError && thrown.code === 'backend_answer') return thrown
  return new ProxyError('backend_answer', 'the body of the backend’s answer cannot be read', {
    cause: thrown,
  })
}
