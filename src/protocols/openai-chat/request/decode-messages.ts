import type { Message, TextPart, ToolResultPart } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest, objectsOf } from '../../translation/request-fields.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { decodeAssistant } from './decode-assistant.ts'
import { decodeContent, withCache } from './decode-content.ts'
import type { Specials } from './specials.ts'

type MessageReader = (message: JsonObject, param: string, special: Specials) => Message

const readers: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([
  ['system', decodeInstruction],
  ['developer', decodeInstruction],
  [
    'user',
    (message, param) => ({
      role: 'user',
      parts: withCache(decodeContent(message.content, `${param}.content`), message),
    }),
  ],
  ['assistant', (message, param) => ({ role: 'assistant', parts: decodeAssistant(message, param) })],
  ['tool', decodeResult],
  ['function', decodeResult],
])
/** Where `name` is a tool's, and not somebody's in the conversation. */
const toolRoles = new Set(['tool', 'function'])

/** The `messages` of a chat request, in their order. */
export function decodeMessages(messages: Json | undefined, special: Specials): Message[] {
  if (!Array.isArray(messages)) throw badRequest('messages', 'is missing, or no list')
  return objectsOf(messages, 'messages').flatMap((message, index) => {
    const param = `messages[${index}]`
    const role = filled(message.role) ?? 'user'
    const read = readers.get(role)
    if (read === undefined) throw badRequest(`${param}.role`, 'is none that chat has')
    if (filled(message.name) && !toolRoles.has(role)) {
      special.push({ loss: 'other_parameters', param: `${param}.name` })
    }
    const made = read(message, param, special)
    return made.parts.length === 0 ? [] : [made]
  })
}

function decodeInstruction(message: JsonObject, param: string, special: Specials): Message {
  const parts: TextPart[] = []
  for (const part of withCache(decodeContent(message.content, `${param}.content`), message)) {
    if (part.type === 'text') parts.push(part)
    else special.push({ loss: 'system_message_form', param: `${param}.content` })
  }
  return { role: 'system', parts }
}

function decodeResult(message: JsonObject, param: string, special: Specials): Message {
  const name = filled(message.name)
  const callId = filled(message.tool_call_id)
  const content: ToolResultPart['content'] = []
  for (const part of decodeContent(message.content, `${param}.content`)) {
    if (part.type === 'text' || part.type === 'image' || part.type === 'document') content.push(part)
    else special.push({ loss: 'other_content', param: `${param}.content` })
  }
  const result: ToolResultPart = {
    type: 'tool_result',
    callId: callId === undefined ? `function_${name ?? ''}` : idFromClient(callId),
    ...(name !== undefined && { name }),
    content,
    isError: false,
  }
  return { role: 'user', parts: withCache([result], message) }
}
