import { answerHeaders } from '../../backends/answer-headers.ts'
import { ProxyError } from '../../core/errors.ts'
import type { Exchange } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import type { Protocol } from '../../core/protocol.ts'
import { translatedError } from '../../protocols/translation/translated-error.ts'
import { decodeBody, encodingsOf } from '../body/content-encoding.ts'
import { acceptsEncoding } from './accept-encoding.ts'
import type { Outlet } from './outlet.ts'
import { ownHeaders } from './own-headers.ts'
import type { Failure, RefusedAnswer } from './receiver.ts'

export interface LastWordParts {
  failure: Failure
  exchange: Exchange
  protocol: Protocol
  outlet: Outlet
  /** The backend was asked with a provider key of ours. */
  withOurKey: boolean
  backend: string
  clientAcceptEncoding: string | undefined
  /** The backend speaks another protocol than the client: its words must be translated. */
  isForeign: boolean
  redactText: (text: string) => string
}

const maxErrorBytes = 64 << 20

/** Tells the client how it ended when no target answered: the provider's own answer where there is one. */
export async function answerFailure(parts: LastWordParts): Promise<void> {
  const { failure, exchange, isForeign, protocol } = parts
  const refusedKey = parts.withOurKey ? ourKeyRefused(failure, parts.backend) : null
  if (failure.answer && !refusedKey && !isForeign) {
    exchange.error ??= failure.error
    await passAnswer(failure.answer, failure.error, parts)
    return
  }
  const error = refusedKey ?? failure.error
  // The record keeps the provider's own words, the client reads its own protocol's.
  exchange.error ??= error
  answerError(isForeign ? translatedError(error, protocol.name) : error, parts)
}

/** Answers with an error of ours, in the shape of the client's protocol. */
export function answerError(
  error: ProxyError,
  {
    exchange,
    protocol,
    outlet,
    redactText,
  }: Pick<LastWordParts, 'exchange' | 'protocol' | 'outlet' | 'redactText'>,
): void {
  exchange.error ??= error
  if (outlet.begun) return outlet.cut(Buffer.alloc(0))
  if (outlet.gone) return
  const { status, headers, body: encoded } = protocol.encodeError(error, exchange.id)
  const body = Buffer.from(redactText(Buffer.from(encoded).toString()))
  const length: [string, string] = ['content-length', String(body.length)]
  // The rest of that request will not come: its connection is of no more use.
  const close: [string, string][] = error.code === 'request_timeout' ? [['connection', 'close']] : []
  outlet.head(status, [...headers, ...ownHeaders(exchange), length, ...close])
  outlet.end(body)
}

async function passAnswer(answer: RefusedAnswer, error: ProxyError, parts: LastWordParts): Promise<void> {
  const { exchange, outlet, clientAcceptEncoding } = parts
  const encodings = encodingsOf(headerValue(answer.headers, 'content-encoding'))
  const passesRaw = encodings.every((encoding) => acceptsEncoding(clientAcceptEncoding, encoding))
  const body = passesRaw ? answer.body : await decoded(answer)
  const headers = [...answerHeaders(answer.headers, { bodyChanged: body !== answer.body, stream: true })]
  if (error.retryAfterMs !== null && headerValue(headers, 'retry-after') === undefined) {
    headers.push(['retry-after', String(Math.ceil(error.retryAfterMs / 1000))])
  }
  outlet.head(answer.status, [...headers, ...ownHeaders(exchange), ['content-length', String(body.length)]])
  outlet.end(body)
}

async function decoded(answer: RefusedAnswer): Promise<Buffer> {
  try {
    const encoding = headerValue(answer.headers, 'content-encoding')
    return await decodeBody(
      answer.body,
      encoding,
      maxErrorBytes,
      () => new ProxyError('backend_answer', 'too large'),
    )
  } catch {
    return answer.body
  }
}

/** Clients retry on 401 and blame their own key, so a fault of ours is a 502 that says whose it is. */
function ourKeyRefused({ error, answer }: Failure, backend: string): ProxyError | null {
  if (!answer) return null
  const refused =
    answer.status === 401 || (answer.status === 403 && /\bkey\b|credential/i.test(error.message))
  if (!refused) return null
  return new ProxyError(
    'provider_key_refused',
    `backend ${backend} refuses the proxy's provider key (${answer.status}): ${error.message}`,
    { cause: error },
  )
}
