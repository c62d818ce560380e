import type { AssistantPart, Message, ToolCallPart, ToolResultPart } from '../../../core/call.ts'
import { type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { readState } from '../../translation/reasoning-state.ts'
import { argumentsText, badRequest, objectsOf } from '../../translation/request-fields.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { callerToolCall } from '../caller-tools.ts'
import { qualifiedName } from '../namespaces.ts'
import { decodeContent } from './decode-content.ts'

type ItemReader = (item: JsonObject, param: string) => Message

const readers: ReadonlyMap<string, ItemReader> = new Map<string, ItemReader>([
  ['message', readMessage],
  ['reasoning', readReasoning],
  ['function_call', readFunctionCall],
  ['custom_tool_call', readCustomCall],
  ['function_call_output', readOutput],
  ['custom_tool_call_output', readOutput],
  ['item_reference', (item, param) => special('stored_state', item, param)],
  ['compaction', (item, param) => special('stored_state', item, param)],
  ['compaction_summary', (item, param) => special('stored_state', item, param)],
])

/** `input`: words, or items; neighbours that the model wrote are one turn, as it wrote them at once. */
export function decodeInput(input: Json | undefined): Message[] {
  if (typeof input === 'string')
    return input === '' ? [] : [{ role: 'user', parts: [{ type: 'text', text: input }] }]
  if (!hasSubstance(input)) return []
  const messages = objectsOf(input, 'input').map((item, index) => {
    const param = `input[${index}]`
    const read = readers.get(filled(item.type) ?? 'message')
    return read ? read(item, param) : readOther(item, param)
  })
  return withStatesPlaced(joined(messages.filter(({ parts }) => parts.length > 0)))
}

function readMessage(item: JsonObject, param: string): Message {
  const role = filled(item.role) ?? 'user'
  const content = `${param}.content`
  if (role === 'assistant') return { role, parts: assistantParts(item, content) }
  const parts = decodeContent(item.content, content)
  if (role === 'user') return { role, parts }
  if (role !== 'system' && role !== 'developer')
    throw badRequest(`${param}.role`, 'is none that Responses has')
  return { role: 'system', parts: parts.filter((part) => part.type === 'text') }
}

function assistantParts(item: JsonObject, param: string): AssistantPart[] {
  if (!Array.isArray(item.content))
    return decodeContent(item.content, param).filter((part) => part.type === 'text')
  return item.content.flatMap((part, index): AssistantPart[] => {
    const refusal = stringAt(part, 'refusal')
    if (refusal) return [{ type: 'refusal', text: refusal }]
    return decodeContent([part], `${param}[${index}]`).flatMap((made) =>
      made.type === 'text' || made.type === 'image' || made.type === 'special' ? [made] : [],
    )
  })
}

function readReasoning(item: JsonObject, param: string): Message {
  const shown = [
    ...objectsOf(item.summary, `${param}.summary`),
    ...objectsOf(item.content, `${param}.content`),
  ]
  const text = shown
    .map((part) => stringAt(part, 'text') ?? '')
    .filter((words) => words !== '')
    .join('\n\n')
  const data = filled(item.encrypted_content)
  const state =
    data === undefined ? {} : { state: readState(data, { protocol: 'openai-responses', kind: 'encrypted' }) }
  if (text === '' && data === undefined) return { role: 'assistant', parts: [] }
  return { role: 'assistant', parts: [{ type: 'reasoning', text, ...state }] }
}

function readFunctionCall(item: JsonObject, param: string): Message {
  const name = filled(item.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  return called({
    type: 'tool_call',
    id: callId(item),
    name: qualifiedName(filled(item.namespace), name),
    arguments: argumentsText(item.arguments, `${param}.arguments`),
  })
}

function readCustomCall(item: JsonObject, param: string): Message {
  const name = filled(item.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  const input = stringAt(item, 'input') ?? ''
  return called({
    type: 'tool_call',
    id: callId(item),
    name: qualifiedName(filled(item.namespace), name),
    arguments: input,
    custom: true,
  })
}

function called(part: ToolCallPart): Message {
  return { role: 'assistant', parts: [part] }
}

function readOutput(item: JsonObject, param: string): Message {
  const content = decodeContent(item.output, `${param}.output`).filter(
    (part) => part.type === 'text' || part.type === 'image' || part.type === 'document',
  )
  const result: ToolResultPart = { type: 'tool_result', callId: callId(item), content, isError: false }
  return { role: 'user', parts: [result] }
}

/** OpenAI's own tools that run at the caller are calls and results too; what the provider ran is history. */
function readOther(item: JsonObject, param: string): Message {
  const type = filled(item.type) ?? ''
  if (type.endsWith('_call_output')) {
    const said = objectAt(item, 'output') ?? item.output
    const output = typeof said === 'string' || Array.isArray(said) ? said : JSON.stringify(said ?? '')
    return readOutput({ ...item, output }, param)
  }
  const call = callerToolCall(item, true)
  if (!call) return special('server_tool_history', item, param)
  const args = argumentsText(call.arguments === '' ? '{}' : call.arguments, param)
  return called({ type: 'tool_call', id: callId(item), name: call.name ?? type, arguments: args })
}

function special(loss: 'stored_state' | 'server_tool_history', raw: JsonObject, param: string): Message {
  return { role: 'assistant', parts: [{ type: 'special', loss, param, raw }] }
}

function callId(item: JsonObject): string {
  return idFromClient(filled(item.call_id) ?? filled(item.id) ?? '')
}

function joined(messages: readonly Message[]): Message[] {
  const turns: Message[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    const isSameTurn =
      last?.role === message.role && (message.role === 'assistant' || isResult(message, last))
    if (last && isSameTurn)
      turns[turns.length - 1] = { role: last.role, parts: [...last.parts, ...message.parts] } as Message
    else turns.push(message)
  }
  return turns
}

function isResult(message: Message, last: Message): boolean {
  const results = (turn: Message) => turn.parts.every((part) => part.type === 'tool_result')
  return message.role === 'user' && results(message) && results(last)
}

/** A state of Gemini's belongs to the call or the words behind it: Responses has no place for it but an item. */
function withStatesPlaced(turns: readonly Message[]): Message[] {
  return turns.map((turn) => {
    if (turn.role !== 'assistant') return turn
    const parts: AssistantPart[] = []
    for (const part of turn.parts) {
      const before = parts.at(-1)
      const carries =
        before?.type === 'reasoning' && before.text === '' && before.state?.kind === 'thought_signature'
      if (carries && before.state && (part.type === 'tool_call' || part.type === 'text')) {
        parts[parts.length - 1] = { ...part, state: before.state }
      } else parts.push(part)
    }
    return { role: 'assistant', parts }
  })
}
