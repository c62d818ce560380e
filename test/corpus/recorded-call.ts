import type { JsonObject } from '../../src/core/json.ts'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import type { CorpusExchange } from '../support/corpus.ts'

/** What a client sends for one recorded exchange. */
export interface RecordedCall {
  recorded: CorpusExchange
  method: string
  /** At the proxy. */
  path: string
  /** At the provider, which is `origin + providerPath` for who asks it directly. */
  providerPath: string
  headers: Record<string, string>
  /** Null for a request without a body. */
  body: JsonObject | null
  /** Goes to a path that the proxy does not read. */
  untouched: boolean
  /** The answer is a stream that the proxy reads beside its bytes. */
  streams: boolean
}

/** The recorded request at our own routes; where only the answer was kept, the least that asks for it. */
export function callOf(recorded: CorpusExchange): RecordedCall {
  const { protocol, request } = recorded
  const headers = {
    ...request?.headers,
    ...(protocol === 'anthropic-messages' && { 'anthropic-version': '2023-06-01' }),
  }
  const answersInEvents = recorded.response.headers['content-type']?.startsWith('text/event-stream') === true
  const helper = protocol === 'openai-responses' && recorded.misc !== null
  const providerPath = request ? pathFor(protocol, request.path, helper) : leastPath(recorded)
  return {
    recorded,
    method: request?.method ?? 'POST',
    // The Responses helpers are paths of the provider's own, reached through its name.
    path: helper ? `/openai${providerPath}` : providerPath,
    providerPath,
    headers,
    body: request ? request.body : leastBody(recorded),
    untouched: helper && recorded.misc !== 'count-tokens',
    streams: answersInEvents && !helper,
  }
}

/** Recorded paths have each host's own prefix; behind ours, clients all use the protocol's. */
function pathFor(protocol: ProtocolName, path: string, helper: boolean): string {
  if (helper) return path
  if (protocol === 'openai-chat') return '/v1/chat/completions'
  if (protocol === 'openai-responses') return '/v1/responses'
  const own = protocol === 'gemini' ? /\/models\/[^/]+:\w+(\?.*)?$/ : /\/messages(\/count_tokens)?(\?.*)?$/
  const tail = own.exec(path)?.[0]
  if (tail === undefined) throw new Error(`no path of ${protocol}: ${path}`)
  return (protocol === 'gemini' ? '/v1beta' : '/v1') + tail
}

function leastPath({ protocol, stream }: CorpusExchange): string {
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return pathFor(
    protocol,
    protocol === 'gemini' ? `/models/some-model:${method}` : '/messages?beta=true',
    false,
  )
}

function leastBody({ protocol, stream }: CorpusExchange): JsonObject {
  const asked = { model: 'some-model', ...(stream && { stream }) }
  const message = { role: 'user', content: 'Hello' }
  switch (protocol) {
    case 'openai-chat':
      return { ...asked, messages: [message] }
    case 'openai-responses':
      return { ...asked, input: 'Hello' }
    case 'anthropic-messages':
      return { ...asked, max_tokens: 1024, messages: [message] }
    case 'gemini':
      return { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }
  }
}
