import type { AssistantPart, MediaPart, ReasoningPart, ToolCallPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { isReadableBy } from '../../translation/reasoning-state.ts'
import { idForBackend, messagesIds } from '../../translation/tool-call-ids.ts'
import { cacheControl, encodeImage, encodeText } from './encode-user.ts'
import type { RequestEncoding } from './request-encoding.ts'

/** A turn of the model's; `shown` are the images in it, which only a turn of the user can hold. */
export interface EncodedAssistant {
  blocks: JsonObject[]
  shown: JsonObject[]
}

export function encodeAssistant(
  parts: readonly AssistantPart[],
  encoding: RequestEncoding,
): EncodedAssistant {
  const turn: EncodedAssistant = { blocks: [], shown: [] }
  for (const part of parts) encodePart(part, turn, encoding)
  return turn
}

function encodePart(part: AssistantPart, turn: EncodedAssistant, encoding: RequestEncoding): void {
  const { lost } = encoding
  switch (part.type) {
    case 'text':
      if (part.state) lost.lose('reasoning_state')
      turn.blocks.push(...encodeText(part))
      return
    case 'refusal':
      turn.blocks.push(...encodeText({ type: 'text', text: part.text }))
      return
    case 'reasoning':
      turn.blocks.push(...encodeReasoning(part, encoding))
      return
    case 'tool_call':
      if (part.state) lost.lose('reasoning_state')
      turn.blocks.push(encodeToolCall(part, encoding))
      return
    case 'image':
      lost.lose('assistant_image')
      turn.shown.push(...encodeImage(part, encoding))
      return
    case 'media':
      return encodeMedia(part, turn, encoding)
    case 'special':
      return lost.loseSpecial(part.loss, part.param)
  }
}

/** Thoughts go back only as they came from this very model; others' would be refused as forged. */
function encodeReasoning({ text, state }: ReasoningPart, { model, lost }: RequestEncoding): JsonObject[] {
  if (state && isReadableBy(state, { protocol: 'anthropic-messages', model })) {
    return state.kind === 'redacted'
      ? [{ type: 'redacted_thinking', data: state.data }]
      : [{ type: 'thinking', thinking: text, signature: state.data }]
  }
  if (state) lost.lose('reasoning_state')
  if (text !== '') lost.lose('reasoning_text')
  return []
}

function encodeToolCall(call: ToolCallPart, { names }: RequestEncoding): JsonObject {
  return {
    type: 'tool_use',
    id: idForBackend(call.id, messagesIds),
    name: names.of(call.name),
    input: call.custom ? { input: call.arguments } : objectOf(call.arguments),
    ...cacheControl(call.cache),
  }
}

/** Arguments as the object that the API wants; what is none stays readable in one. */
function objectOf(text: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    value = text
  }
  return isObject(value) ? value : { input: value }
}

/** Of sound only what is spoken in it. */
function encodeMedia(
  { mediaType, data, transcript }: MediaPart,
  turn: EncodedAssistant,
  encoding: RequestEncoding,
): void {
  if (mediaType.startsWith('image/')) {
    encoding.lost.lose('assistant_image')
    turn.shown.push(...encodeImage({ type: 'image', source: { kind: 'base64', mediaType, data } }, encoding))
    return
  }
  encoding.lost.lose('audio_input')
  if (transcript !== undefined) turn.blocks.push(...encodeText({ type: 'text', text: transcript }))
}
