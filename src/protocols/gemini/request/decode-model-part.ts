import type { AssistantPart, ReasoningState, ToolCallPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { readState } from '../../translation/reasoning-state.ts'
import { argumentsText, badRequest } from '../../translation/request-fields.ts'
import { codeWords } from '../code-text.ts'
import type { CallLine } from './call-line.ts'
import { base64Of } from './decode-media.ts'
import { sentinel } from './sentinel.ts'
import { either, eitherObject } from './spelling.ts'

/** One part of an earlier answer. */
export function decodeModelPart(part: JsonObject, param: string, calls: CallLine): AssistantPart[] {
  const state = stateOf(part)
  // Of another protocol, which rode on this part: it belongs to the thoughts before it.
  const isForeign = state !== undefined && state.kind !== 'thought_signature' && part.thought !== true
  const before: AssistantPart[] = isForeign ? [{ type: 'reasoning', text: '', state }] : []
  return [...before, ...saidIn(part, param, calls, isForeign ? undefined : state)]
}

function saidIn(
  part: JsonObject,
  param: string,
  calls: CallLine,
  state: ReasoningState | undefined,
): AssistantPart[] {
  const stated = state === undefined ? {} : { state }
  const call = eitherObject(part, 'functionCall')
  if (call) return [{ ...toolCall(call, param, calls), ...stated }]
  const text = filled(part.text)
  if (text !== undefined) return [{ type: part.thought === true ? 'reasoning' : 'text', text, ...stated }]
  const alone: AssistantPart[] = state === undefined ? [] : [{ type: 'reasoning', text: '', state }]
  return [...otherPart(part, param), ...alone]
}

function toolCall(call: JsonObject, param: string, calls: CallLine): ToolCallPart {
  const name = filled(call.name)
  if (name === undefined) throw badRequest(`${param}.functionCall.name`, 'is missing')
  const args = argumentsText(call.args, `${param}.functionCall.args`)
  return { type: 'tool_call', id: calls.add(name, filled(call.id)), name, arguments: args }
}

/** Keys that say nothing without another. */
const attributes: ReadonlySet<string> = new Set(['thought', 'thoughtSignature', 'thought_signature', 'text'])

/** Pictures and sound that it made, what its code tool ran, in words, and what its other tools did. */
function otherPart(part: JsonObject, param: string): AssistantPart[] {
  const inline = eitherObject(part, 'inlineData')
  if (inline) return [{ type: 'media', ...base64Of(inline, param) }]
  if (eitherObject(part, 'fileData')) return [{ type: 'special', loss: 'file_id', param, raw: part }]
  const saysMore = Object.entries(part).some(([key, value]) => !attributes.has(key) && hasSubstance(value))
  if (!saysMore) return []
  const words = codeWords(part)
  return [
    ...(words === undefined ? [] : [{ type: 'text' as const, text: words }]),
    { type: 'special', loss: 'server_tool_history', param, raw: part },
  ]
}

/** Streams cut texts and thoughts anywhere: those next to each other are one, up to the state that proves them. */
export function joinedParts(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const isOne =
      (part.type === 'reasoning' && last?.type === 'reasoning') ||
      (part.type === 'text' && last?.type === 'text')
    if (!isOne || last.state) joined.push(part)
    else joined[joined.length - 1] = { ...part, text: last.text + part.text }
  }
  return joined
}

function stateOf(part: JsonObject): ReasoningState | undefined {
  const signature = filled(either(part, 'thoughtSignature'))
  if (signature === undefined || signature === sentinel) return undefined
  return readState(signature, { protocol: 'gemini', kind: 'thought_signature' })
}
