import { ProxyError } from '../../core/errors.ts'
import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import type { Protocol, ReportedError } from '../../core/protocol.ts'
import { decodeBody } from '../body/content-encoding.ts'
import type { Observation } from '../observation.ts'
import type { AnswerHead, AttemptResult, Receiver } from './receiver.ts'
import { retryAfterMs } from './retry-after.ts'

export interface RefusalReceiverParts {
  protocol: Protocol
  head: AnswerHead
  observation: Observation
  backend: string
  /** Milliseconds since 1970, for a `retry-after` that is a date. */
  nowMs: () => number
  settle: (result: AttemptResult) => void
}

const maxBytes = 8 << 20
/** Worth asking another target: `spec/health-and-routing.md`, Attempts. */
const failOverStatuses = new Set([408, 429, 500, 502, 503, 504, 529])

/** Reads an answer with an error status whole and keeps it, in case no other target answers better. */
export class RefusalReceiver implements Receiver {
  private readonly parts: RefusalReceiverParts
  private readonly chunks: Buffer[] = []
  private length = 0

  constructor(parts: RefusalReceiverParts) {
    this.parts = parts
  }

  data(bytes: Buffer): void {
    this.parts.observation.received(bytes, this.parts.observation.nowNs())
    this.length += bytes.length
    this.chunks.push(bytes)
    if (this.length > maxBytes) void this.conclude()
  }

  ended(): void {
    void this.conclude()
  }

  failed(error: ProxyError): void {
    this.parts.settle({
      kind: 'failed',
      failure: {
        error,
        mayFailOver: failOverStatuses.has(this.parts.head.status),
        notProcessed: false,
        timedOut: error.code === 'backend_timeout',
        answer: null,
      },
    })
  }

  clientGone(): void {}

  private async conclude(): Promise<void> {
    const { head, protocol, backend, settle } = this.parts
    const raw = Buffer.concat(this.chunks)
    const reported = protocol.decodeError(await this.json(raw))
    const waitMs = retryAfterMs(head.headers, this.parts.nowMs()) ?? reported?.retryAfterMs ?? null
    const error = new ProxyError('backend_error', words(reported, head.status, backend), {
      status: head.status,
      providerType: reported?.type ?? null,
      providerCode: reported?.code ?? null,
      ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
      ...(reported?.param ? { param: reported.param } : {}),
    })
    settle({
      kind: 'failed',
      failure: {
        error,
        mayFailOver: failOverStatuses.has(head.status),
        notProcessed: (head.status === 429 || head.status === 503) && waitMs !== null,
        timedOut: false,
        answer: this.length > maxBytes ? null : { ...head, body: raw },
      },
    })
  }

  private async json(raw: Buffer): Promise<Json> {
    try {
      const encoding = headerValue(this.parts.head.headers, 'content-encoding')
      const body = await decodeBody(
        raw,
        encoding,
        maxBytes,
        () => new ProxyError('backend_answer', 'too large'),
      )
      return JSON.parse(body.toString('utf8')) as Json
    } catch {
      return null
    }
  }
}

function words(reported: ReportedError | undefined, status: number, backend: string): string {
  return reported?.message || `backend ${backend} answered with status ${status}`
}
