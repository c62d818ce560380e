import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'

/**
 * Takes the reasoning state out of a conversation that several providers of one protocol have answered: which of it is
 * whose nobody can tell, and each refuses the other's. What was said stays.
 */
export function withoutStates(body: JsonObject, protocol: ProtocolName): JsonObject {
  switch (protocol) {
    case 'anthropic-messages':
      return withList(body, 'messages', (message) =>
        withList(message, 'content', (part) => (isThinking(part) ? null : part), true),
      )
    case 'openai-responses':
      return withList(body, 'input', (item) => (item.type === 'reasoning' ? null : item))
    case 'openai-chat':
      return withList(body, 'messages', ({ reasoning_details: _, ...message }) => message)
    case 'gemini':
      return withList(body, 'contents', (turn) =>
        withList(turn, 'parts', ({ thoughtSignature: _, thought_signature: _also, ...part }) => part),
      )
  }
}

function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}

function withList(
  holder: JsonObject,
  key: string,
  change: (element: JsonObject) => JsonObject | null,
): JsonObject
/** `dropEmptied`: nothing, where nothing is left of the list. */
function withList(
  holder: JsonObject,
  key: string,
  change: (element: JsonObject) => JsonObject | null,
  dropEmptied: true,
): JsonObject | null
function withList(
  holder: JsonObject,
  key: string,
  change: (element: JsonObject) => JsonObject | null,
  dropEmptied = false,
): JsonObject | null {
  const list = holder[key]
  if (!Array.isArray(list)) return holder
  const changed = list.flatMap((element: Json) => {
    const kept = isObject(element) ? change(element) : element
    return kept === null && isObject(element) ? [] : [kept]
  })
  return dropEmptied && changed.length === 0 && list.length > 0 ? null : { ...holder, [key]: changed }
}
