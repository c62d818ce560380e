import type {
  AssistantPart,
  Call,
  Message,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { isReadableBy } from '../../translation/reasoning-state.ts'
import { idForBackend, responsesIds } from '../../translation/tool-call-ids.ts'
import { orderedTurns } from '../../translation/tool-turns.ts'
import { encodeOutput, encodeParts } from './encode-content.ts'
import type { ResponsesEncoding } from './responses-encoding.ts'

/** The conversation as items; leading instructions stay the developer's messages, in their place. */
export function encodeInput(call: Call, encoding: ResponsesEncoding): JsonObject[] {
  return orderedTurns(call).flatMap((message) => encodeMessage(message, encoding))
}

function encodeMessage(message: Message, encoding: ResponsesEncoding): JsonObject[] {
  const { lost } = encoding
  if (message.role === 'assistant') return encodeAnswer(message.parts, encoding)
  if (message.role === 'system') {
    if (message.parts.some((part) => part.cache)) lost.lose('cache_control')
    const content = message.parts.map(({ text }) => ({ type: 'input_text', text }))
    return [{ type: 'message', role: encoding.instructionsRole, content }]
  }
  const results = message.parts.flatMap((part) => {
    if (part.type !== 'tool_result') return []
    const type = encoding.customCalls.has(part.callId) ? 'custom_tool_call_output' : 'function_call_output'
    return [{ type, call_id: idForBackend(part.callId, responsesIds), output: encodeOutput(part, lost) }]
  })
  const content = encodeParts(message.parts, lost)
  return [...results, ...(content.length > 0 ? [{ type: 'message', role: 'user', content }] : [])]
}

/** A turn of the model's in its own order: thoughts before what they led to, words between calls where they stood. */
function encodeAnswer(parts: readonly AssistantPart[], encoding: ResponsesEncoding): JsonObject[] {
  const items: JsonObject[] = []
  for (const part of parts) {
    const [item] = encodeAnswerPart(part, encoding)
    const last = items.at(-1)
    if (item === undefined) continue
    if (item.type === 'message' && last?.type === 'message') {
      items[items.length - 1] = { ...last, content: [...list(last.content), ...list(item.content)] }
    } else items.push(item)
  }
  return items
}

function list(content: JsonObject['content']): JsonObject[] {
  return Array.isArray(content) ? (content as JsonObject[]) : []
}

function encodeAnswerPart(part: AssistantPart, encoding: ResponsesEncoding): JsonObject[] {
  const { lost } = encoding
  switch (part.type) {
    case 'text':
      return encodeText(part, encoding)
    case 'refusal':
      return part.text === '' ? [] : [answer({ type: 'refusal', refusal: part.text })]
    case 'reasoning':
      return encodeReasoning(part, encoding)
    case 'tool_call':
      return [encodeCall(part, encoding)]
    case 'special':
      lost.loseSpecial(part.loss, part.param)
      return []
    case 'media':
    case 'image':
      lost.lose('server_tool_history')
      return []
  }
}

function encodeText({ text, state, cache }: TextPart, { lost }: ResponsesEncoding): JsonObject[] {
  if (cache) lost.lose('cache_control')
  if (state) lost.lose('reasoning_state')
  return text === '' ? [] : [answer({ type: 'output_text', text, annotations: [] })]
}

function answer(part: JsonObject): JsonObject {
  return { type: 'message', role: 'assistant', content: [part] }
}

function encodeReasoning({ text, state }: ReasoningPart, { model, lost }: ResponsesEncoding): JsonObject[] {
  if (state && isReadableBy(state, { protocol: 'openai-responses', model })) {
    const summary = text === '' ? [] : [{ type: 'summary_text', text }]
    return [{ type: 'reasoning', summary, encrypted_content: state.data }]
  }
  if (state) lost.lose('reasoning_state')
  if (text !== '') lost.lose('reasoning_text')
  return []
}

function encodeCall(call: ToolCallPart, { lost, named }: ResponsesEncoding): JsonObject {
  if (call.state) lost.lose('reasoning_state')
  if (call.cache) lost.lose('cache_control')
  const call_id = idForBackend(call.id, responsesIds)
  return call.custom
    ? { type: 'custom_tool_call', call_id, ...named(call.name), input: call.arguments }
    : { type: 'function_call', call_id, ...named(call.name), arguments: call.arguments }
}
