import type { AssistantPart, Message, ReasoningState, ToolCallPart, UserPart } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { isReadableBy } from '../../translation/reasoning-state.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { geminiIds, idForBackend } from '../../translation/tool-call-ids.ts'
import { orderedTurns } from '../../translation/tool-turns.ts'
import { encodeUserPart, instructionText, textParts } from './encode-parts.ts'
import { encodeResults } from './encode-results.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'
import { sentinel } from './sentinel.ts'

interface Content extends JsonObject {
  role: 'user' | 'model'
  parts: JsonObject[]
}

/**
 * `systemInstruction` and `contents`: the user first, then the model and the user in turn. `sentence`: instructs
 * besides.
 */
export function encodeContents(encoding: GeminiEncoding, sentence: string | null): JsonObject {
  const turns = orderedTurns(encoding.call)
  const first = turns.findIndex(({ role }) => role !== 'system')
  const leading = first < 0 ? turns : turns.slice(0, first)
  const instruction = leading.flatMap((turn) =>
    turn.role === 'system' ? instructionText(turn.parts, encoding) : [],
  )
  const contents = alternating(encodeTurns(turns.slice(leading.length), encoding))
  // Nothing but instructions: they are what the model is to answer.
  if (contents.length === 0 && instruction.length > 0) {
    encoding.lost.lose('system_in_conversation')
    contents.push({ role: 'user', parts: instruction.splice(0) })
  }
  instruction.push(...textParts(sentence ?? ''))
  return { ...(instruction.length > 0 && { systemInstruction: { parts: instruction } }), contents }
}

function encodeTurns(turns: readonly Message[], encoding: GeminiEncoding): Content[] {
  let names: ReadonlyMap<string, string> = new Map()
  return turns.map((turn) => {
    if (turn.role === 'assistant') {
      names = toolNames(turn.parts)
      return { role: 'model', parts: modelParts(turn.parts, encoding) }
    }
    if (turn.role === 'user') return { role: 'user', parts: userParts(turn.parts, names, encoding) }
    encoding.lost.lose('system_in_conversation')
    return { role: 'user', parts: instructionText(turn.parts, encoding) }
  })
}

/** Neighbours of one role are one; Gemini wants the user to begin. */
function alternating(turns: readonly Content[]): Content[] {
  const contents: Content[] = []
  for (const { role, parts } of turns) {
    const last = contents.at(-1)
    if (parts.length === 0) continue
    if (last?.role === role) last.parts.push(...parts)
    else contents.push({ role, parts: [...parts] })
  }
  return contents[0]?.role === 'model' ? [{ role: 'user', parts: [{ text: '…' }] }, ...contents] : contents
}

function toolNames(parts: readonly AssistantPart[]): Map<string, string> {
  return new Map(parts.flatMap((part) => (part.type === 'tool_call' ? [[part.id, part.name]] : [])))
}

/** All results of a turn first, then what the user said. */
function userParts(
  parts: readonly UserPart[],
  names: ReadonlyMap<string, string>,
  encoding: GeminiEncoding,
): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result')
  return [
    ...encodeResults(results, names, encoding),
    ...parts.flatMap((part) => encodeUserPart(part, encoding)),
  ]
}

/** Gemini 3 checks the first call of a turn for the signature of the thoughts behind it. */
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
    case 'text': {
      if (part.cache) encoding.lost.lose('cache_control')
      const proof = signature(part.state, encoding)
      return part.text === '' && proof.thoughtSignature === undefined ? [] : [{ text: part.text, ...proof }]
    }
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
      return [{ text: part.text, ...(part.text !== '' && { thought: true }), ...proof }]
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
