import type { Message, TextPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest } from '../../translation/request-fields.ts'
import { decodeAssistantBlocks } from './decode-assistant.ts'
import { cacheOf } from './decode-cache.ts'
import { decodeUserBlocks } from './decode-user.ts'
import type { Specials } from './request-parameters.ts'

/** Claude Code tells Anthropic with it whom to bill; it is no instruction. */
const billing = 'x-anthropic-billing-header:'

/** The system prompt as the first message; nothing where it says nothing. */
export function decodeSystem(system: Json | undefined, special: Specials): Message[] {
  if (system === undefined || system === null) return []
  const parts = systemParts(system, 'system', special)
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

/** Messages of the role `system` stay where they stand: newer clients instruct in the middle of a conversation. */
export function decodeMessages(messages: Json | undefined, special: Specials): Message[] {
  if (!Array.isArray(messages)) throw badRequest('messages', 'is no list of messages')
  return messages
    .map((message, at) => decodeMessage(message, `messages[${at}]`, special))
    .filter(({ parts }) => parts.length > 0)
}

function decodeMessage(message: Json, param: string, special: Specials): Message {
  if (!isObject(message)) throw badRequest(param, 'is no object')
  const content = `${param}.content`
  switch (message.role) {
    case 'system':
      return { role: 'system', parts: systemParts(message.content, content, special) }
    case 'user':
      return { role: 'user', parts: decodeUserBlocks(blocksOf(message.content, content), content, special) }
    case 'assistant':
      return { role: 'assistant', parts: decodeAssistantBlocks(blocksOf(message.content, content), content) }
    default:
      throw badRequest(`${param}.role`, 'is none of user, assistant and system')
  }
}

function systemParts(content: Json | undefined, param: string, special: Specials): TextPart[] {
  return blocksOf(content, param).flatMap((block): TextPart[] => {
    const text = block.type === 'text' ? filled(block.text) : undefined
    if (text?.startsWith(billing)) special.push({ loss: 'other_parameters', param: billing.slice(0, -1) })
    else if (text !== undefined) return [{ type: 'text', text, ...cacheOf(block) }]
    else if (block.type !== 'text') special.push(unspeakable(block))
    return []
  })
}

/** Tools that are added or removed in the middle: elsewhere all are offered from the start. */
function unspeakable(block: JsonObject): Specials[number] {
  const type = filled(block.type) ?? 'block'
  return { loss: type.startsWith('tool_') ? 'other_parameters' : 'system_message_form', param: type }
}

/** The content of a message: a string is one block of text. */
function blocksOf(content: Json | undefined, param: string): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw badRequest(param, 'is neither text nor a list of blocks')
  return content.map((block, at) => {
    if (!isObject(block)) throw badRequest(`${param}[${at}]`, 'is no object')
    return block
  })
}
