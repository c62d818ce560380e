import type { Protocol } from './plan.ts'
import { anthropic } from './speech/anthropic.ts'
import { chat } from './speech/chat.ts'
import { gemini, geminiArray } from './speech/gemini.ts'
import { responses } from './speech/responses.ts'
import type { Speech } from './speech/speech.ts'

/** A request as a provider understands it. */
export interface ReceivedCall {
  exchange: string
  backend: string
  protocol: Protocol
  model: string
  stream: boolean
  speech: Speech
  /** A stream in chat's protocol tells its usage only to those who ask. */
  usageAsked: boolean
  /** `text/event-stream`, or one JSON array. */
  streamType: string
}

interface Body {
  model?: string
  stream?: boolean
  stream_options?: { include_usage?: boolean } | null
}

const eventStream = 'text/event-stream; charset=utf-8'

export function readCall(url: string, text: string): ReceivedCall {
  const [, backend = '', rest = ''] = /^\/([^/]+)\/(.*)$/.exec(url) ?? []
  const body = JSON.parse(text) as Body
  const common = { backend, exchange: /\be\d{5,}\b/.exec(text)?.[0] ?? 'unknown', streamType: eventStream }
  const stream = body.stream ?? false
  const named = { ...common, model: body.model ?? '', stream }
  if (rest === 'v1/chat/completions') {
    const usageAsked = !stream || body.stream_options?.include_usage === true || backend === 'openrouter'
    return { ...named, protocol: 'openai-chat', speech: chat, usageAsked }
  }
  if (rest === 'v1/responses') {
    return { ...named, protocol: 'openai-responses', speech: responses, usageAsked: true }
  }
  if (rest.startsWith('v1/messages')) {
    return { ...named, protocol: 'anthropic-messages', speech: anthropic, usageAsked: true }
  }
  const [, model = '', method = '', query = ''] = /models\/([^:]+):(\w+)(.*)$/.exec(rest) ?? []
  const asArray = method === 'streamGenerateContent' && !query.includes('alt=sse')
  return {
    ...{ ...common, protocol: 'gemini', model: decodeURIComponent(model), usageAsked: true },
    stream: method === 'streamGenerateContent',
    speech: asArray ? geminiArray : gemini,
    streamType: asArray ? 'application/json; charset=UTF-8' : eventStream,
  }
}
