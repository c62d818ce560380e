import type {
  AssistantPart,
  Message,
  ReasoningState,
  TextPart,
  ToolCallPart,
  UserPart,
} from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, stringAt } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { readState } from '../../translation/reasoning-state.ts'
import { argumentsText, badRequest, objectsOf } from '../../translation/request-fields.ts'
import { codeText, resultText } from '../code-text.ts'
import { decodeFile, decodeInline } from './decode-media.ts'
import { decodeResult, OpenCalls } from './decode-results.ts'
import { either, eitherObject } from './spelling.ts'

/** What Gemini CLI sends for a signature that it never got: no state at all. */
export const sentinel = 'skip_thought_signature_validator'

/** `systemInstruction`: a content, a part, or words. */
export function decodeInstruction(instruction: Json | undefined): Message[] {
  if (!hasSubstance(instruction)) return []
  if (typeof instruction === 'string')
    return [{ role: 'system', parts: [{ type: 'text', text: instruction }] }]
  const holder = isObject(instruction) ? instruction : {}
  const list = Array.isArray(holder.parts)
    ? holder.parts
    : Array.isArray(instruction)
      ? instruction
      : [holder]
  const parts = list.flatMap((part): TextPart[] => {
    const text = typeof part === 'string' ? part : stringAt(part, 'text')
    return text ? [{ type: 'text', text }] : []
  })
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

/** `contents`: a list, one content, or words. */
export function decodeContents(contents: Json | undefined): Message[] {
  if (typeof contents === 'string') return [{ role: 'user', parts: [{ type: 'text', text: contents }] }]
  if (contents === undefined || contents === null) throw badRequest('contents', 'is missing')
  const calls = new OpenCalls()
  const list = isObject(contents) ? [contents] : contents
  return objectsOf(list, 'contents').flatMap((content, index) => {
    const param = `contents[${index}]`
    const parts = partsOf(content, `${param}.parts`)
    const message: Message =
      content.role === 'model'
        ? {
            role: 'assistant',
            parts: joinedThoughts(
              parts.flatMap((part, at) => modelPart(part, `${param}.parts[${at}]`, calls)),
            ),
          }
        : { role: 'user', parts: parts.flatMap((part, at) => userPart(part, `${param}.parts[${at}]`, calls)) }
    return message.parts.length === 0 ? [] : [message]
  })
}

function partsOf(content: JsonObject, param: string): JsonObject[] {
  const { parts } = content
  if (typeof parts === 'string') return [{ text: parts }]
  if (isObject(parts)) return [parts]
  const list = Array.isArray(parts)
    ? parts.map((part) => (typeof part === 'string' ? { text: part } : part))
    : parts
  return objectsOf(list, param)
}

function userPart(part: JsonObject, param: string, calls: OpenCalls): UserPart[] {
  const text = stringAt(part, 'text')
  if (text !== undefined) return text === '' ? [] : [{ type: 'text', text }]
  const inline = eitherObject(part, 'inlineData')
  if (inline) return [decodeInline(inline, param)]
  const file = eitherObject(part, 'fileData')
  if (file) return [decodeFile(file, param)]
  const response = eitherObject(part, 'functionResponse')
  if (response) return [decodeResult(response, `${param}.functionResponse`, calls)]
  const words = codeWords(part)
  if (words !== undefined) return [{ type: 'text', text: words }]
  return hasSubstance(part) ? [{ type: 'special', loss: 'other_content', param, raw: part }] : []
}

function modelPart(part: JsonObject, param: string, calls: OpenCalls): AssistantPart[] {
  const state = stateOf(part)
  const stated = state === undefined ? {} : { state }
  const call = eitherObject(part, 'functionCall')
  if (call) return [{ ...toolCall(call, param, calls), ...stated }]
  const text = stringAt(part, 'text') ?? ''
  if (text !== '') return [{ type: part.thought === true ? 'reasoning' : 'text', text, ...stated }]
  const other = otherModelPart(part, param)
  if (other !== undefined) return other
  if (state) return [{ type: 'reasoning', text: '', state }]
  const isEmpty = part.thought === true || !hasSubstance(part)
  return isEmpty ? [] : [{ type: 'special', loss: 'server_tool_history', param, raw: part }]
}

/**
 * Thoughts that came in pieces are one, with the state behind them: streams end a thought with a part that has only the
 * signature.
 */
function joinedThoughts(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part.type !== 'reasoning' || last?.type !== 'reasoning' || last.state) joined.push(part)
    else joined[joined.length - 1] = { ...part, text: last.text + part.text }
  }
  return joined
}

function toolCall(call: JsonObject, param: string, calls: OpenCalls): ToolCallPart {
  const name = filled(call.name)
  if (name === undefined) throw badRequest(`${param}.functionCall.name`, 'is missing')
  const args = argumentsText(call.args, `${param}.functionCall.args`)
  return { type: 'tool_call', id: calls.add(name, filled(call.id)), name, arguments: args }
}

/** Pictures and sound that it made, and what its code tool ran, in words. */
function otherModelPart(part: JsonObject, param: string): AssistantPart[] | undefined {
  const inline = eitherObject(part, 'inlineData')
  if (inline) {
    const made = decodeInline(inline, param)
    if (!('source' in made) || made.source.kind !== 'base64') return []
    return [{ type: 'media', mediaType: made.source.mediaType, data: made.source.data }]
  }
  const words = codeWords(part)
  if (words === undefined) return undefined
  return [
    { type: 'text', text: words },
    { type: 'special', loss: 'server_tool_history', param, raw: part },
  ]
}

/** What the provider's own code tool ran and said, in words that a reader of any protocol understands. */
function codeWords(part: JsonObject): string | undefined {
  const code = eitherObject(part, 'executableCode')
  if (code) return codeText(code)
  const result = eitherObject(part, 'codeExecutionResult')
  return result ? resultText(result) : undefined
}

function stateOf(part: JsonObject): ReasoningState | undefined {
  const signature = filled(either(part, 'thoughtSignature'))
  if (signature === undefined || signature === sentinel) return undefined
  return readState(signature, { protocol: 'gemini', kind: 'thought_signature' })
}
