import type { AssistantPart, Message, TextPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, stringAt } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { badRequest, objectsOf } from '../../translation/request-fields.ts'
import { CallLine } from './call-line.ts'
import { decodeModelPart, joinedParts } from './decode-model-part.ts'
import { decodeUserParts } from './decode-user-parts.ts'
import type { GeminiDecoding } from './gemini-decoding.ts'

/** `systemInstruction`: a content, a part, or words. */
export function decodeInstruction(instruction: Json | undefined, { special }: GeminiDecoding): Message[] {
  if (!hasSubstance(instruction)) return []
  const holder = isObject(instruction) && instruction.parts !== undefined ? instruction.parts : instruction
  const list = Array.isArray(holder) ? holder : [holder ?? null]
  const parts = list.flatMap((part, index): TextPart[] => {
    const text = typeof part === 'string' ? part : stringAt(part, 'text')
    if (text === undefined && hasSubstance(part)) {
      special.push({ loss: 'system_message_form', param: `systemInstruction.parts[${index}]` })
    }
    return text ? [{ type: 'text', text }] : []
  })
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

const roles: Readonly<Record<string, Message['role']>> = {
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
}

/** `contents`: a list, one content, or words. */
export function decodeContents(contents: Json | undefined, decoding: GeminiDecoding): Message[] {
  if (typeof contents === 'string' && contents !== '') {
    return [{ role: 'user', parts: [{ type: 'text', text: contents }] }]
  }
  if (contents === undefined || contents === null) throw badRequest('contents', 'is missing')
  const list = objectsOf(isObject(contents) ? [contents] : contents, 'contents')
  const calls = new CallLine()
  const messages: Message[] = []
  for (const [index, content] of list.entries()) {
    const message = decodeContent(content, index, calls, decoding)
    const last = messages.at(-1)
    // The SDK's chats keep each chunk of an answer as a content of its own.
    if (message.role === 'assistant' && last?.role === 'assistant') last.parts.push(...message.parts)
    else if (message.parts.length > 0) messages.push(message)
  }
  return messages.map((message) =>
    message.role === 'assistant' ? { ...message, parts: joinedParts(message.parts) } : message,
  )
}

function decodeContent(
  content: JsonObject,
  index: number,
  calls: CallLine,
  decoding: GeminiDecoding,
): Message {
  const param = `contents[${index}].parts`
  const parts = partsOf(content, param)
  const said = filled(content.role) ?? 'user'
  const role = Object.hasOwn(roles, said) ? (roles[said] ?? 'user') : 'user'
  if (role === 'system') return { role, parts: parts.flatMap(instructingPart) }
  if (role === 'user') {
    calls.userSpeaks()
    return { role, parts: decodeUserParts(parts, param, calls, decoding) }
  }
  calls.modelSpeaks(index)
  const decoded = parts.flatMap((part, at): AssistantPart[] =>
    decodeModelPart(part, `${param}[${at}]`, calls),
  )
  return { role: 'assistant', parts: decoded }
}

function instructingPart(part: JsonObject): TextPart[] {
  const text = filled(part.text)
  return text === undefined ? [] : [{ type: 'text', text }]
}

function partsOf({ parts }: JsonObject, param: string): JsonObject[] {
  if (typeof parts === 'string') return [{ text: parts }]
  const list = Array.isArray(parts)
    ? parts.map((part) => (typeof part === 'string' ? { text: part } : part))
    : parts
  return objectsOf(isObject(list) ? [list] : list, param)
}
