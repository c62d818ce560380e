import type { JsonObject } from '../../../src/core/json.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { callOf } from '../../corpus/recorded-call.ts'
import type { CorpusExchange } from '../corpus.ts'
import { sseBlock } from '../sse-text.ts'
import { cleanExchange } from './clean-exchange.ts'
import type { ExchangeDraft } from './exchange-draft.ts'
import { corpusBody, modelOf } from './recorded-parts.ts'
import { typicalExchange, typicalModel } from './typical-exchange.ts'

export interface ExchangeWishes {
  protocol?: ProtocolName
  stream?: boolean
  request?: JsonObject
  /** An answer's JSON, or the blocks of its stream. */
  answer?: JsonObject | readonly (JsonObject | string)[]
  status?: number
  model?: string
  path?: string
  session?: string | null
  turn?: number | null
  openedMs?: number
  backend?: string
  host?: string
}

const noon = Date.UTC(2026, 0, 5, 12)

export function anExchange(wish: ExchangeWishes, index: number): ExchangeDraft {
  const protocol = wish.protocol ?? 'openai-chat'
  const stream = wish.stream ?? Array.isArray(wish.answer ?? [])
  const typical = typicalExchange(protocol, stream)
  const answer = wish.answer ?? typical.answer
  const streams = Array.isArray(answer)
  const model = wish.model ?? typicalModel(protocol)
  const request = wish.request ?? { ...typical.request, ...(protocol !== 'gemini' && { model }) }
  return cleanExchange({
    id: `x_${index + 1}`,
    openedMs: wish.openedMs ?? noon + index * 60_000,
    session: wish.session === undefined ? 's_1' : wish.session,
    turn: wish.turn === undefined ? index + 1 : wish.turn,
    protocol,
    method: 'POST',
    path: wish.path ?? typical.path.replace(typicalModel(protocol), model),
    headers: requestHeaders(protocol),
    requestBody: JSON.stringify(request),
    model,
    backend: wish.backend ?? backendOf[protocol],
    host: wish.host ?? typical.host,
    status: wish.status ?? 200,
    answerHeaders: answerHeaders(streams),
    answerBody: Array.isArray(answer)
      ? answer.map((block) => framed(protocol, block)).join('')
      : JSON.stringify(answer),
    streams,
  })
}

export function recordedExchange(recorded: CorpusExchange, index: number): ExchangeDraft {
  const call = callOf(recorded)
  const { protocol, response, provider } = recorded
  const body = corpusBody(recorded, call.body)
  const model = modelOf(recorded, call.providerPath, body)
  return cleanExchange({
    id: `x_${index + 1}`,
    openedMs: noon + index * 60_000,
    session: 's_1',
    turn: index + 1,
    protocol,
    method: call.method,
    path:
      model === null
        ? call.providerPath
        : call.providerPath.replace('/models/some-model:', `/models/${model}:`),
    headers: { ...requestHeaders(protocol), ...call.headers },
    requestBody: body === null ? '' : JSON.stringify(body),
    model,
    backend: provider,
    host: `api.${provider}.example`,
    status: response.status,
    answerHeaders: response.headers,
    answerBody: response.body,
    streams: call.streams,
    ...(recorded.misc === 'count-tokens' && { purpose: 'count_tokens' }),
    ...(recorded.misc !== null && recorded.misc !== 'count-tokens' && { purpose: 'other' }),
  })
}

const backendOf: Record<ProtocolName, string> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
}

function requestHeaders(protocol: ProtocolName): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'test/1.0',
    ...(protocol === 'anthropic-messages' && { 'anthropic-version': '2023-06-01' }),
  }
}

function answerHeaders(streams: boolean): Record<string, string> {
  return { 'content-type': streams ? 'text/event-stream; charset=utf-8' : 'application/json' }
}

/** As each protocol frames it: Anthropic and Responses name their events. */
function framed(protocol: ProtocolName, block: JsonObject | string): string {
  if (typeof block === 'string') return sseBlock(block)
  const named = protocol === 'anthropic-messages' || protocol === 'openai-responses'
  return sseBlock(block, named && typeof block.type === 'string' ? block.type : undefined)
}
