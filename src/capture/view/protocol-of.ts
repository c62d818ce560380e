import { isObject, type Json } from '../../core/json.ts'
import { type ProtocolName, protocolNames } from '../../core/protocol-name.ts'

/** A protocol by its name in a file; null where the file has none, or one that is not spoken here. */
export function knownProtocol(name: string | null): ProtocolName | null {
  return protocolNames.find((known) => known === name) ?? null
}

/** What a URL's path says of the protocol: files of the original name none. */
export function protocolOfUrl(url: string | null): ProtocolName | null {
  const path = (url ?? '').replace(/[?#].*$/s, '')
  if (/:(?:stream)?generateContent$|:countTokens$/i.test(path)) return 'gemini'
  if (/\/chat\/completions$/.test(path)) return 'openai-chat'
  if (/\/messages(?:\/count_tokens)?$/.test(path)) return 'anthropic-messages'
  return /\/responses(?:\/|$)/.test(path) ? 'openai-responses' : null
}

/** What an answer's JSON, or one event of a stream, says of its protocol. */
export function protocolOfAnswer(json: Json | undefined): ProtocolName | null {
  if (!isObject(json)) return null
  const { object, type } = json
  if (typeof object === 'string' && object.startsWith('chat.completion')) return 'openai-chat'
  if (object === 'response' || (typeof type === 'string' && type.startsWith('response.')))
    return 'openai-responses'
  if (Array.isArray(json.candidates) || isObject(json.promptFeedback)) return 'gemini'
  if (typeof type === 'string' && /^(?:message|message_\w+|content_block_\w+)$/.test(type))
    return 'anthropic-messages'
  return Array.isArray(json.choices) ? 'openai-chat' : null
}

/** What a request's JSON says of its protocol. */
export function protocolOfRequest(json: Json | undefined): ProtocolName | null {
  if (!isObject(json)) return null
  if (json.contents !== undefined) return 'gemini'
  if (json.input !== undefined || json.instructions !== undefined) return 'openai-responses'
  if (!Array.isArray(json.messages)) return null
  const isAnthropic = json.system !== undefined || json.max_tokens !== undefined
  return isAnthropic && json.stream_options === undefined && !hasSystemRole(json.messages)
    ? 'anthropic-messages'
    : 'openai-chat'
}

function hasSystemRole(messages: readonly Json[]): boolean {
  return messages.some(
    (message) => isObject(message) && /^(?:system|developer|tool)$/.test(String(message.role)),
  )
}
