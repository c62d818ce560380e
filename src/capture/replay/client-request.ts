import { isSensitiveHeader, sensitiveParameters } from '../../core/secrets/sensitive-names.ts'
import { knownProtocol, protocolOfRequest } from '../view/protocol-of.ts'
import { readRequest } from '../view/read-request.ts'
import type { ExchangeView, LegView } from '../view/view.ts'

/** A recorded request as it is sent again. */
export interface ClientRequest {
  method: string
  /** Path and query, never a host. */
  path: string
  headers: [name: string, value: string][]
  body: Uint8Array
}

/** By which a request says that it is a replay, and of which exchange. */
export const replayHeader = 'x-llmproxy-replay'

/** They belong to the connection, follow from what is sent, or say that it is the very same request. */
const ofOnce = new Set([
  ...['host', 'connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'],
  ...['content-length', 'content-encoding', 'accept-encoding', 'http2-settings', 'via', 'forwarded'],
  'idempotency-key',
])

/** Where recorded traffic may be sent again: paths that make an answer and change nothing anywhere. */
const repeatable: readonly RegExp[] = [
  /^(?:\/[\w-][\w.-]*)?\/v1(?:beta)?\/(?:chat\/completions|completions|responses|responses\/input_tokens)$/,
  /^(?:\/[\w-][\w.-]*)?\/v1(?:beta)?\/messages(?:\/count_tokens)?$/,
  /^(?:\/[\w-][\w.-]*)?\/v1(?:beta)?\/(?:embeddings|moderations|rerank)$/,
  /^(?:\/[\w-][\w.-]*)?\/v1(?:beta)?\/(?:tuned)?models\/[\w.~@:%+-]+:(?:generateContent|streamGenerateContent|countTokens|embedContent|batchEmbedContents)$/i,
]

/** What some server on the way might take for another path. */
const hidesSegments = /%(?:2e|2f|5c|00)|\/\.\.?(?:[/:]|$)/i

/** Said in headers that carry a credential under a name that nobody knows. */
const saysCredential =
  /(?:^|[-_])(?:auth|authorization|token|secret|passwd|password|credentials?|signature|api[-_]?key|cookie2?)(?:$|[-_])/

/** Why an exchange cannot be sent again, in words; null: it can. */
export function whyNotRepeatable(exchange: ExchangeView): string | null {
  const { ctp, forgotten } = exchange
  if (forgotten || ctp === null) return 'the client’s request is not in the capture'
  if (ctp.missing > 0 || ctp.end?.why !== 'eof') return 'the client’s request is not whole in the capture'
  const { method, path } = placeOf(exchange, ctp)
  if (method !== 'POST' && method !== 'GET') return `${method} may change something where it is sent`
  const [bare = ''] = path.split('?')
  if (hidesSegments.test(bare)) return 'its path may mean another one to who reads it'
  if (method === 'GET' && /^(?:\/[\w-][\w.-]*)?\/v1(?:beta)?\/models(?:\/[\w.~@:%+-]+)?$/.test(bare))
    return null
  if (method === 'POST' && repeatable.some((each) => each.test(bare))) return null
  return 'only calls that make an answer and change nothing are sent again'
}

/**
 * The client's request without the credentials that it had, even where they stand in the file in clear. What a
 * recording says is data: of its URL only path and query are used.
 */
export function clientRequest(exchange: ExchangeView & { ctp: LegView }): ClientRequest {
  const { ctp } = exchange
  const kept = ctp.headers.filter(
    ([name]) =>
      !ofOnce.has(name) &&
      !isSensitiveHeader(name) &&
      !saysCredential.test(name) &&
      !name.startsWith('proxy-') &&
      !name.startsWith('x-forwarded-') &&
      name !== 'x-llmproxy-hop' &&
      name !== replayHeader,
  )
  // Files of the original have no heads of clients.
  const type: [string, string][] = ctp.headers.some(([name]) => name === 'content-type')
    ? []
    : [['content-type', 'application/json']]
  return {
    ...placeOf(exchange, ctp),
    headers: [
      ...type,
      ...kept.map(([name, value]): [string, string] => [name, value]),
      [replayHeader, exchange.id],
    ],
    body: ctp.body(),
  }
}

function placeOf(exchange: ExchangeView, { method, url }: LegView): { method: string; path: string } {
  const target = (url ?? usualPath(exchange))
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    .replace(/#.*$/s, '')
  const [path = '', ...rest] = target.split('?')
  const query = rest.join('?').split('&').filter(isNoSecret).join('&')
  return {
    method: (method ?? 'POST').toUpperCase(),
    path: `${path.startsWith('/') ? path : `/${path}`}${query === '' ? '' : `?${query}`}`,
  }
}

/** By its name as any server would read it. */
function isNoSecret(parameter: string): boolean {
  const [name] = new URLSearchParams(parameter).keys()
  return (
    name !== undefined &&
    !sensitiveParameters.has(name.toLowerCase()) &&
    !saysCredential.test(name.toLowerCase())
  )
}

/** Files of the original do not say where a client's request went: what its body looks like does. */
function usualPath({ ctp, protocol, requestedModel, stream }: ExchangeView): string {
  const name = knownProtocol(protocol) ?? (ctp && protocolOfRequest(readRequest(ctp, null).json))
  switch (name) {
    case 'openai-chat':
      return '/v1/chat/completions'
    case 'openai-responses':
      return '/v1/responses'
    case 'anthropic-messages':
      return '/v1/messages'
    case 'gemini':
      return `/v1beta/models/${encodeURIComponent(requestedModel ?? '')}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`
    default:
      return '/'
  }
}
