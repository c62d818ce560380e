import { ProxyError } from '../../core/errors.ts'
import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import { printable } from '../../core/printable.ts'
import type { Protocol, ReportedError } from '../../core/protocol.ts'
import { decodeBody } from '../body/content-encoding.ts'
import type { Observation } from '../observation.ts'
import { failedAttempt } from './failed-attempt.ts'
import type { AnswerHead, AttemptResult, Receiver } from './receiver.ts'
import { retryAfterMs } from './retry-after.ts'

export interface RefusalReceiverParts {
  protocol: Protocol
  head: AnswerHead
  observation: Observation
  backend: string
  /** A redirect to another host may pass: what is asked for is not a generation. */
  mayRedirect: boolean
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
    // Beyond the limit the rest is of no use: the attempt ends with what is known.
    if (this.length > maxBytes) return
    this.length += bytes.length
    this.chunks.push(bytes)
    if (this.length > maxBytes) void this.conclude()
  }

  ended(): void {
    void this.conclude()
  }

  failed(error: ProxyError): void {
    this.parts.settle(failedAttempt(error, { mayFailOver: failOverStatuses.has(this.parts.head.status) }))
  }

  clientGone(): void {}

  private async conclude(): Promise<void> {
    const { head, protocol, backend, mayRedirect, settle } = this.parts
    const elsewhere = mayRedirect ? null : redirectElsewhere(head)
    if (elsewhere !== null) return settle(redirected(elsewhere, backend))
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
    settle(
      failedAttempt(error, {
        mayFailOver: failOverStatuses.has(head.status),
        notProcessed: (head.status === 429 || head.status === 503) && waitMs !== null,
        answer: this.length > maxBytes ? null : { ...head, body: raw },
      }),
    )
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

/**
 * Where an answer would send the client past this proxy; null if nowhere. Clients that follow take their keys
 * along, the access key of this proxy with them: fetch drops `authorization` at another host, not `x-api-key`.
 */
function redirectElsewhere({ status, headers }: AnswerHead): string | null {
  const location = status < 400 ? headerValue(headers, 'location') : undefined
  if (location === undefined || !URL.canParse(location, 'http://here.invalid')) return null
  return new URL(location, 'http://here.invalid').host === 'here.invalid' ? null : location
}

function redirected(location: string, backend: string): AttemptResult {
  const error = new ProxyError(
    'backend_answer',
    `backend ${backend} redirects to ${printable(location, 200)}, which is not followed; if that is its address, set backends.${backend}.api_url`,
  )
  return failedAttempt(error, { notProcessed: true })
}

function words(reported: ReportedError | undefined, status: number, backend: string): string {
  return reported?.message || `backend ${backend} answered with status ${status}`
}
