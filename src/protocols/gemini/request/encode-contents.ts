import type {
  AssistantPart,
  Call,
  Message,
  ReasoningState,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { isReadableBy } from '../../translation/reasoning-state.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { geminiIds, idForBackend } from '../../translation/tool-call-ids.ts'
import { orderedTurns } from '../../translation/tool-turns.ts'
import { sentinel } from './decode-contents.ts'
import { encodeUserPart, instructionText, textParts } from './encode-parts.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

/** `systemInstruction` and `contents`: the user first, then the model and the user in turn. */
export function encodeContents(call: Call, encoding: GeminiEncoding): JsonObject {
  const turns = orderedTurns(call)
  const first = turns.findIndex(({ role }) => role !== 'system')
  const leading = first < 0 ? turns : turns.slice(0, first)
  const instruction = leading.flatMap((turn) =>
    turn.role === 'system' ? instructionText(turn.parts, encoding) : [],
  )
  const names = toolNamesById(turns)
  const contents = alternating(turns.slice(leading.length).map((turn) => encodeTurn(turn, names, encoding)))
  return {
    ...(instruction.length > 0 && { systemInstruction: { parts: instruction } }),
    contents: contents.map(({ role, parts }) => ({ role, parts })),
  }
}

interface Content {
  role: 'user' | 'model'
  parts: JsonObject[]
}

function encodeTurn(message: Message, names: ReadonlyMap<string, string>, encoding: GeminiEncoding): Content {
  if (message.role === 'assistant') return { role: 'model', parts: modelParts(message.parts, encoding) }
  if (message.role === 'user') return { role: 'user', parts: userParts(message.parts, names, encoding) }
  encoding.lost.lose('system_in_conversation')
  return { role: 'user', parts: instructionText(message.parts, encoding) }
}

/** Neighbours of one role are one; Gemini wants the user to begin. */
function alternating(turns: readonly Content[]): Content[] {
  const contents: Content[] = []
  for (const { role, parts } of turns) {
    const last = contents.at(-1)
    if (parts.length === 0) continue
    if (last?.role === role) last.parts = [...last.parts, ...parts]
    else contents.push({ role, parts })
  }
  return contents[0]?.role === 'model' ? [{ role: 'user', parts: [{ text: '…' }] }, ...contents] : contents
}

/** A result must name its function, which other protocols leave to the id. */
function toolNamesById(turns: readonly Message[]): Map<string, string> {
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []))
  return new Map(calls.flatMap((part) => (part.type === 'tool_call' ? [[part.id, part.name]] : [])))
}

function userParts(
  parts: readonly UserPart[],
  names: ReadonlyMap<string, string>,
  encoding: GeminiEncoding,
): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result')
  // All results of a turn first, then their pictures, then what the user said.
  return [
    ...results.map((result) => encodeResult(result, names, encoding)),
    ...results.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'text' ? [] : encodeUserPart(part, encoding))),
    ),
    ...parts.flatMap((part) => encodeUserPart(part, encoding)),
  ]
}

function encodeResult(
  { callId, name, content, isError, cache }: ToolResultPart,
  names: ReadonlyMap<string, string>,
  { lost, names: targetNames }: GeminiEncoding,
): JsonObject {
  if (cache || content.some((part) => part.cache)) lost.lose('cache_control')
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const response = isError ? { error: text } : responseOf(text)
  const called = name ?? names.get(callId) ?? 'tool'
  return { functionResponse: { id: idForBackend(callId, geminiIds), name: targetNames.of(called), response } }
}

/** An object is the response itself; everything else is a result. */
function responseOf(text: string): JsonObject {
  const value = text.trimStart().startsWith('{') ? parsedJson(text) : undefined
  return isObject(value) ? value : { result: text }
}

function modelParts(parts: readonly AssistantPart[], encoding: GeminiEncoding): JsonObject[] {
  const encoded = parts.flatMap((part) => modelPart(part, encoding))
  const firstCall = encoded.find((part) => part.functionCall !== undefined)
  if (encoding.family.needsThoughtSignature && firstCall && firstCall.thoughtSignature === undefined) {
    firstCall.thoughtSignature = sentinel
  }
  return encoded
}

function modelPart(part: AssistantPart, encoding: GeminiEncoding): JsonObject[] {
  switch (part.type) {
    case 'text':
      if (part.cache) encoding.lost.lose('cache_control')
      return textParts(part.text).map((made) => ({ ...made, ...signature(part.state, encoding) }))
    case 'refusal':
      return textParts(part.text)
    case 'tool_call':
      return [{ functionCall: functionCall(part, encoding), ...signature(part.state, encoding) }]
    case 'reasoning': {
      const proof = signature(part.state, encoding)
      if (proof.thoughtSignature === undefined) {
        if (part.text !== '') encoding.lost.lose('reasoning_text')
        return []
      }
      return [part.text === '' ? { text: '', ...proof } : { text: part.text, thought: true, ...proof }]
    }
    case 'media':
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }]
    case 'image':
      return encodeUserPart(part, encoding)
    case 'special':
      encoding.lost.loseSpecial(part.loss, part.param)
      return []
  }
}

function functionCall(
  { id, name, arguments: args, custom, cache }: ToolCallPart,
  { names, lost }: GeminiEncoding,
): JsonObject {
  if (cache) lost.lose('cache_control')
  const given: Json = custom ? { input: args } : (parsedJson(args) ?? {})
  return { id: idForBackend(id, geminiIds), name: names.of(name), args: given }
}

function signature(
  state: ReasoningState | undefined,
  { model, lost }: GeminiEncoding,
): { thoughtSignature?: string } {
  if (state === undefined) return {}
  if (isReadableBy(state, { protocol: 'gemini', model })) return { thoughtSignature: state.data }
  lost.lose('reasoning_state')
  return {}
}
