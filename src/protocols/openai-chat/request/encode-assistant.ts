import type { AssistantPart, MediaPart, ReasoningState, ToolCallPart } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { isReadableBy } from '../../translation/reasoning-state.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { signatureHolder } from '../signature-holder.ts'
import { callIdFor } from './call-ids.ts'
import type { ChatEncoding } from './chat-encoding.ts'
import { encodeImage } from './encode-content.ts'

/** A turn of the model's; `shown` are the pictures in it, which only a turn of the user can hold. */
export interface EncodedAssistant {
  /** Undefined where nothing of it can be said. */
  message: JsonObject | undefined
  shown: JsonObject[]
}

/** `calledTools`: the conversation has tool calls, here or elsewhere. */
export function encodeAssistant(
  parts: readonly AssistantPart[],
  calledTools: boolean,
  encoding: ChatEncoding,
): EncodedAssistant {
  const calls = parts.filter((part) => part.type === 'tool_call')
  const { text, refusal, signature, shown } = wordsOf(parts, encoding)
  const thoughts = thoughtsOf(parts, calledTools, encoding)
  if (text === '' && refusal === '' && calls.length === 0) return { message: undefined, shown }
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(refusal !== '' && { refusal }),
    ...thoughts,
    ...signature,
    ...(calls.length > 0 && { tool_calls: calls.map((call) => encodeCall(call, encoding)) }),
  }
  return { message, shown }
}

interface Words {
  text: string
  refusal: string
  /** Of the thoughts behind the text. */
  signature: JsonObject
  shown: JsonObject[]
}

function wordsOf(parts: readonly AssistantPart[], encoding: ChatEncoding): Words {
  const { dialect, lost } = encoding
  const words: Words = { text: '', refusal: '', signature: {}, shown: [] }
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        words.text += part.text
        if (part.cache) lost.lose('cache_control')
        if (part.state) words.signature = signatureOf(part.state, encoding)
        break
      case 'refusal':
        words[dialect.refusals ? 'refusal' : 'text'] += part.text
        break
      case 'media':
        showMedia(part, words, encoding)
        break
      case 'image':
        lost.lose('assistant_image')
        words.shown.push(...encodeImage(part, lost))
        break
      case 'special':
        lost.loseSpecial(part.loss, part.param)
        break
    }
  }
  return words
}

/** Of sound what is spoken in it. */
function showMedia({ mediaType, data, transcript }: MediaPart, words: Words, { lost }: ChatEncoding): void {
  lost.lose('assistant_image')
  if (mediaType.startsWith('image/')) {
    words.shown.push(...encodeImage({ type: 'image', source: { kind: 'base64', mediaType, data } }, lost))
  } else if (transcript !== undefined) words.text += transcript
}

/** DeepSeek refuses a conversation with tools in which a turn lacks its thoughts; OpenRouter wants its own details. */
function thoughtsOf(
  parts: readonly AssistantPart[],
  calledTools: boolean,
  { dialect, target, lost }: ChatEncoding,
): JsonObject {
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  const texts = thoughts.map(({ text }) => text).filter((text) => text !== '')
  const details: Json[] = []
  for (const { state } of thoughts) {
    if (!state) continue
    const read = dialect.thoughtsBack === 'details' ? detailsIn(state, target.model) : []
    if (read.length === 0) lost.lose('reasoning_state')
    details.push(...read)
  }
  if (dialect.thoughtsBack === 'text' && calledTools) return { reasoning_content: texts.join('\n\n') }
  if (details.length > 0) return { reasoning_details: details }
  if (texts.length > 0) lost.lose('reasoning_text')
  return {}
}

function detailsIn(state: ReasoningState, model: string): Json[] {
  const details = isReadableBy(state, { protocol: 'openai-chat', model }) ? parsedJson(state.data) : undefined
  return Array.isArray(details) ? details : []
}

function encodeCall(call: ToolCallPart, encoding: ChatEncoding): JsonObject {
  const { dialect, names, lost } = encoding
  if (call.cache) lost.lose('cache_control')
  const id = callIdFor(call.id, dialect)
  const name = names.of(call.name)
  const signature = call.state ? signatureOf(call.state, encoding) : {}
  if (call.custom && dialect.customTools) {
    return { id, type: 'custom', custom: { name, input: call.arguments }, ...signature }
  }
  const args = call.custom ? JSON.stringify({ input: call.arguments }) : call.arguments
  return { id, type: 'function', function: { name, arguments: args }, ...signature }
}

/** Gemini behind an endpoint of this protocol takes its signatures back where Google puts them. */
function signatureOf(state: ReasoningState, { target, family, lost }: ChatEncoding): JsonObject {
  const reader = { protocol: 'gemini' as const, model: target.model }
  if (family.needsThoughtSignature && isReadableBy(state, reader)) return signatureHolder(state.data)
  lost.lose('reasoning_state')
  return {}
}
