import type { ProxyError } from '../core/errors.ts'
import type { HttpAnswer } from '../core/http.ts'

export interface ErrorAnswerShape {
  status: number
  body: object
  /** The header by which this protocol's clients learn the request's id. */
  idHeader: 'x-request-id' | 'request-id'
  /** Whether its SDK reads `retry-after-ms`. */
  retryAfterMs: boolean
}

/** An error as an HTTP answer, with the headers that tell SDKs whether and when to retry. */
export function errorAnswer(error: ProxyError, exchangeId: string, shape: ErrorAnswerShape): HttpAnswer {
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    [shape.idHeader, exchangeId],
  ]
  if (error.retryAfterMs !== null) {
    headers.push(['retry-after', String(Math.ceil(error.retryAfterMs / 1000))])
    if (shape.retryAfterMs) headers.push(['retry-after-ms', String(Math.ceil(error.retryAfterMs))])
  }
  if (error.shouldRetry !== null) headers.push(['x-should-retry', String(error.shouldRetry)])
  return { status: shape.status, headers, body: Buffer.from(JSON.stringify(shape.body)) }
}

/** 529 is Anthropic's own status; other clients know 503 for the same. */
export function withoutOverloaded(status: number): number {
  return status === 529 ? 503 : status
}
