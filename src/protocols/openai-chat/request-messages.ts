import type { AssistantPart, Message, ReasoningState, TextPart, ToolCallPart } from '../../core/call.ts'
import { arrayAt, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { readState, unsealed } from '../translation/reasoning-state.ts'
import { argumentsText, badRequest, dataUrl, objectsOf } from '../translation/request-fields.ts'
import { idFromClient } from '../translation/tool-call-ids.ts'
import { readContent, textOf } from './request-content.ts'

type MessageReader = (message: JsonObject, param: string) => Message

const system: MessageReader = (message, param) => ({
  role: 'system',
  parts: textOf(message.content, `${param}.content`),
})

const readers: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([
  ['system', system],
  ['developer', system],
  ['user', (message, param) => ({ role: 'user', parts: readContent(message.content, `${param}.content`) })],
  ['assistant', readAssistant],
  ['tool', readToolResult],
  ['function', readToolResult],
])

/** The `messages` of a chat request, in their order. */
export function readMessages(messages: Json | undefined): Message[] {
  if (!Array.isArray(messages)) throw badRequest('messages', 'is missing, or no list')
  return objectsOf(messages, 'messages').flatMap((message, index) => {
    const param = `messages[${index}]`
    const read = readers.get(filled(message.role) ?? 'user')
    if (read === undefined) throw badRequest(`${param}.role`, 'is none that chat has')
    const made = read(message, param)
    return made.parts.length === 0 ? [] : [made]
  })
}

function readAssistant(message: JsonObject, param: string): Message {
  const refusal = filled(message.refusal)
  const parts: AssistantPart[] = [
    ...reasoningOf(message),
    ...wordsOf(message, param),
    ...(refusal === undefined ? [] : [{ type: 'refusal' as const, text: refusal }]),
    ...imagesOf(message),
    ...toolCalls(message, param),
  ]
  if (objectAt(message, 'audio')?.id !== undefined) {
    parts.push({ type: 'special', loss: 'file_id', param: `${param}.audio`, raw: message.audio ?? null })
  }
  return { role: 'assistant', parts }
}

/** The thoughts that an answer of ours, or of a provider that shows them, had: text, and what only the model can read. */
function reasoningOf(message: JsonObject): AssistantPart[] {
  const text = filled(message.reasoning_content) ?? filled(message.reasoning) ?? ''
  const states = arrayAt(message, 'reasoning_details')?.flatMap((detail) => {
    const state = unsealed(stringAt(detail, 'data') ?? '')
    return state === undefined ? [] : [state]
  })
  const [first, ...others] = states ?? []
  if (first === undefined) return text === '' ? [] : [{ type: 'reasoning', text }]
  return [
    { type: 'reasoning', text, state: first },
    ...others.map((state) => ({ type: 'reasoning' as const, text: '', state })),
  ]
}

function wordsOf(message: JsonObject, param: string): AssistantPart[] {
  const parts = readContent(message.content, `${param}.content`).flatMap((part): AssistantPart[] =>
    part.type === 'text' || part.type === 'image' || part.type === 'special' ? [part] : [],
  )
  const state = thoughtSignature(message)
  const last = parts.findLast((part): part is TextPart => part.type === 'text')
  if (last && state) last.state = state
  return parts
}

/** Pictures that an answer held, in the form that OpenRouter gave them. */
function imagesOf(message: JsonObject): AssistantPart[] {
  return (arrayAt(message, 'images') ?? []).flatMap((image) => {
    const inline = dataUrl(stringAt(objectAt(image, 'image_url'), 'url') ?? '')
    return inline ? [{ type: 'media' as const, ...inline }] : []
  })
}

function toolCalls(message: JsonObject, param: string): ToolCallPart[] {
  const calls = objectsOf(message.tool_calls, `${param}.tool_calls`).map((call, index) =>
    readToolCall(call, `${param}.tool_calls[${index}]`),
  )
  // The one call of the time before `tool_calls`, which had no id: its name must do.
  const legacy = objectAt(message, 'function_call')
  if (legacy === undefined) return calls
  const name = filled(legacy.name) ?? ''
  const args = argumentsText(legacy.arguments, `${param}.function_call.arguments`)
  return [...calls, { type: 'tool_call', id: `function_${name}`, name, arguments: args }]
}

function readToolCall(call: JsonObject, param: string): ToolCallPart {
  const custom = objectAt(call, 'custom')
  const name = filled((custom ?? objectAt(call, 'function'))?.name)
  if (name === undefined) throw badRequest(param, 'names no function')
  const state = thoughtSignature(call)
  return {
    type: 'tool_call',
    id: idFromClient(filled(call.id) ?? ''),
    name,
    arguments: custom
      ? (stringAt(custom, 'input') ?? '')
      : argumentsText(objectAt(call, 'function')?.arguments, `${param}.function.arguments`),
    ...(custom && { custom: true as const }),
    ...(state && { state }),
  }
}

/** Where Google's own OpenAI endpoint puts a thought signature, and this proxy with it. */
function thoughtSignature(holder: JsonObject): ReasoningState | undefined {
  const signature = stringAt(objectAt(objectAt(holder, 'extra_content'), 'google'), 'thought_signature')
  return signature ? readState(signature, { protocol: 'gemini', kind: 'thought_signature' }) : undefined
}

function readToolResult(message: JsonObject, param: string): Message {
  const name = filled(message.name)
  const callId = filled(message.tool_call_id)
  const content = readContent(message.content, `${param}.content`).filter(
    (part) => part.type === 'text' || part.type === 'image' || part.type === 'document',
  )
  return {
    role: 'user',
    parts: [
      {
        type: 'tool_result',
        callId: callId === undefined ? `function_${name ?? ''}` : idFromClient(callId),
        ...(name !== undefined && { name }),
        content,
        isError: false,
      },
    ],
  }
}
