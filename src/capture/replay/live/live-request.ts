import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'
import { familyOf } from '../../../protocols/translation/model-families.ts'
import { parsedJson } from '../../view/raw-event.ts'
import type { ClientRequest } from '../client-request.ts'

export interface LiveRequestWishes {
  protocol: ProtocolName
  /** Of the target. */
  model: string | null
  /** An answer may have so many tokens; null: as the request says. */
  maxOutputTokens: number | null
}

/** Paths that a model answers; the others list models, count tokens or make vectors. */
const answered = /\/(?:chat\/completions|responses|messages)$|:(?:generateContent|streamGenerateContent)$/i

/** Why a request is not sent to a provider that bills it, in words; null: it is. */
export function whyNotLive({ path, body }: Pick<ClientRequest, 'path' | 'body'>): string | null {
  const [bare = ''] = path.split('?')
  if (!answered.test(bare)) return 'no model answers it'
  const json = jsonOf(body)
  if (json === null) return 'its body is no JSON'
  if (typeof json.previous_response_id === 'string')
    return 'it goes on from a response that its provider keeps (previous_response_id)'
  if (json.conversation !== undefined && json.conversation !== null)
    return 'it goes on from a conversation that its provider keeps (conversation)'
  return null
}

/** The same request, so that nothing is stored or goes on behind it, and its answer is no longer than wished. */
export function liveRequest(request: ClientRequest, wishes: LiveRequestWishes): ClientRequest {
  const json = jsonOf(request.body)
  if (json === null) return request
  const changed = shortened(unstored(json, wishes.protocol), wishes)
  return changed === json ? request : { ...request, body: Buffer.from(JSON.stringify(changed)) }
}

function unstored(json: JsonObject, protocol: ProtocolName): JsonObject {
  const { background, ...rest } = json
  const kept = background === undefined ? json : rest
  // The Responses API stores what does not say no.
  const stores = protocol === 'openai-responses' ? json.store !== false : json.store === true
  return stores ? { ...kept, store: false } : kept
}

function shortened(json: JsonObject, { protocol, model, maxOutputTokens }: LiveRequestWishes): JsonObject {
  if (maxOutputTokens === null) return json
  const least = (given: Json | undefined) =>
    typeof given === 'number' ? Math.min(given, maxOutputTokens) : maxOutputTokens
  switch (protocol) {
    case 'openai-responses':
      return { ...json, max_output_tokens: least(json.max_output_tokens) }
    case 'anthropic-messages':
      return { ...json, max_tokens: least(json.max_tokens) }
    case 'gemini': {
      const config = isObject(json.generationConfig) ? json.generationConfig : {}
      return { ...json, generationConfig: { ...config, maxOutputTokens: least(config.maxOutputTokens) } }
    }
    case 'openai-chat': {
      const isNewer = familyOf(model ?? '').reasoning === 'effort'
      const usual = isNewer ? 'max_completion_tokens' : 'max_tokens'
      const named = ['max_completion_tokens', 'max_tokens'].filter((name) => typeof json[name] === 'number')
      const names = named.length > 0 ? named : [usual]
      return { ...json, ...Object.fromEntries(names.map((name) => [name, least(json[name])])) }
    }
  }
}

function jsonOf(body: Uint8Array): JsonObject | null {
  const json = parsedJson(Buffer.from(body).toString('utf8'))
  return isObject(json) ? json : null
}
