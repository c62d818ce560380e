import type { AssistantPart, ReasoningState, TextPart, ToolCallPart } from '../../../core/call.ts'
import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { readState } from '../../translation/reasoning-state.ts'
import { argumentsText, badRequest, dataUrl, objectsOf } from '../../translation/request-fields.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { decodeThoughts } from '../reasoning-details.ts'
import { signatureIn } from '../signature-holder.ts'
import { decodeContent } from './decode-content.ts'

/** A message of the model: its thoughts first, then what it said, and what it called. */
export function decodeAssistant(message: JsonObject, param: string): AssistantPart[] {
  const refusal = filled(message.refusal)
  const parts: AssistantPart[] = [
    ...decodeThoughts(message),
    ...decodeWords(message, param),
    ...(refusal === undefined ? [] : [{ type: 'refusal' as const, text: refusal }]),
    ...decodeImages(message),
    ...decodeCalls(message, param),
  ]
  if (filled(objectAt(message, 'audio')?.id) !== undefined) {
    parts.push({ type: 'special', loss: 'file_id', param: `${param}.audio`, raw: message.audio ?? null })
  }
  return parts
}

function decodeWords(message: JsonObject, param: string): AssistantPart[] {
  const parts = Array.isArray(message.content)
    ? message.content.flatMap((part, index) => decodePart(part, `${param}.content[${index}]`))
    : spoken(message.content, `${param}.content`)
  const state = thoughtSignature(message)
  if (state === undefined) return parts
  const last = parts.findLast((part): part is TextPart => part.type === 'text')
  if (last) last.state = state
  else parts.push({ type: 'text', text: '', state })
  return parts
}

/** Refusals, and Mistral's thoughts, stand among the texts of a list. */
function decodePart(part: Json, param: string): AssistantPart[] {
  if (!isObject(part)) return spoken([part], param)
  if (part.type === 'refusal') {
    const text = filled(part.refusal)
    return text === undefined ? [] : [{ type: 'refusal', text }]
  }
  if (part.type !== 'thinking') return spoken([part], param)
  const pieces = arrayAt(part, 'thinking')?.map((piece) => stringAt(piece, 'text') ?? '')
  const text = pieces?.join('') ?? filled(part.thinking) ?? ''
  return text === '' ? [] : [{ type: 'reasoning', text }]
}

/** Models neither upload nor hear: what else stands here has no place in an answer. */
function spoken(content: Json | undefined, param: string): AssistantPart[] {
  return decodeContent(content, param).map((part): AssistantPart => {
    if (part.type === 'text' || part.type === 'image' || part.type === 'special') return part
    return { type: 'special', loss: 'other_content', param, raw: content ?? null }
  })
}

/** Pictures that an answer held, in the form that OpenRouter gave them. */
function decodeImages(message: JsonObject): AssistantPart[] {
  return (arrayAt(message, 'images') ?? []).flatMap((image): AssistantPart[] => {
    const url = stringAt(objectAt(image, 'image_url'), 'url')
    if (!url) return []
    const inline = dataUrl(url)
    return inline
      ? [{ type: 'media', ...inline }]
      : [{ type: 'image', source: { kind: 'url', url, mediaType: null } }]
  })
}

function decodeCalls(message: JsonObject, param: string): ToolCallPart[] {
  const calls = objectsOf(message.tool_calls, `${param}.tool_calls`).map((call, index) =>
    decodeCall(call, `${param}.tool_calls[${index}]`),
  )
  // The one call of the time before `tool_calls`, which had no id: its name must do.
  const legacy = objectAt(message, 'function_call')
  const name = filled(legacy?.name)
  if (name === undefined) return calls
  const args = argumentsText(legacy?.arguments, `${param}.function_call.arguments`)
  return [...calls, { type: 'tool_call', id: `function_${name}`, name, arguments: args }]
}

function decodeCall(call: JsonObject, param: string): ToolCallPart {
  const custom = objectAt(call, 'custom')
  const fn = objectAt(call, 'function')
  const name = filled((custom ?? fn)?.name)
  if (name === undefined) throw badRequest(param, 'names no function')
  const state = thoughtSignature(call)
  return {
    type: 'tool_call',
    id: idFromClient(filled(call.id) ?? ''),
    name,
    arguments: custom
      ? (stringAt(custom, 'input') ?? '')
      : argumentsText(fn?.arguments, `${param}.function.arguments`),
    ...(custom && { custom: true as const }),
    ...(state && { state }),
  }
}

function thoughtSignature(holder: JsonObject): ReasoningState | undefined {
  const signature = signatureIn(holder)
  return signature ? readState(signature, { protocol: 'gemini', kind: 'thought_signature' }) : undefined
}
