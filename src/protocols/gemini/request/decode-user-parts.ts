import type { ToolResultPart, UserPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { codeWords } from '../code-text.ts'
import type { CallLine } from './call-line.ts'
import { decodeMedia, mediaIn } from './decode-media.ts'
import type { GeminiDecoding } from './gemini-decoding.ts'
import { either, eitherObject } from './spelling.ts'

/**
 * The parts of one content of the user's. Pictures and documents right behind a function's response belong to it,
 * as Gemini CLI sends them, unless the user says something in the same content.
 */
export function decodeUserParts(
  parts: readonly JsonObject[],
  param: string,
  calls: CallLine,
  decoding: GeminiDecoding,
): UserPart[] {
  const decoded = parts.flatMap((part, at) => userPart(part, `${param}[${at}]`, calls, decoding))
  const speaks = decoded.some(({ type }) => type === 'text')
  return speaks ? decoded : withTheirMedia(decoded)
}

function withTheirMedia(parts: readonly UserPart[]): UserPart[] {
  const gathered: UserPart[] = []
  for (const part of parts) {
    const last = gathered.at(-1)
    if (last?.type === 'tool_result' && isSeen(part)) {
      gathered[gathered.length - 1] = { ...last, content: [...last.content, part] }
    } else gathered.push(part)
  }
  return gathered
}

function isSeen(part: UserPart): part is Exclude<ToolResultPart['content'][number], { type: 'text' }> {
  return part.type === 'image' || part.type === 'document'
}

function userPart(part: JsonObject, param: string, calls: CallLine, decoding: GeminiDecoding): UserPart[] {
  const text = filled(part.text)
  if (text !== undefined) return [{ type: 'text', text }]
  const media = mediaIn(part)
  if (media) return [decodeMedia(media, part, param, decoding)]
  const response = eitherObject(part, 'functionResponse')
  if (response) return decodeResult(response, `${param}.functionResponse`, calls, decoding)
  const words = codeWords(part)
  if (words !== undefined) return [{ type: 'text', text: words }]
  return hasSubstance(part) ? [{ type: 'special', loss: 'other_content', param, raw: part }] : []
}

/** A result, and behind it what no result can hold. */
function decodeResult(
  response: JsonObject,
  param: string,
  calls: CallLine,
  decoding: GeminiDecoding,
): UserPart[] {
  const { text, isError } = read(response.response)
  const { id, name } = calls.take(filled(response.name) ?? '', filled(response.id))
  const media = either(response, 'parts')
  const beside = (Array.isArray(media) ? media : []).flatMap((part, at) => {
    const held = isObject(part) ? mediaIn(part) : undefined
    return held && isObject(part) ? [decodeMedia(held, part, `${param}.parts[${at}]`, decoding)] : []
  })
  const result: ToolResultPart = {
    ...{ type: 'tool_result', callId: id, name, isError },
    content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...beside.filter(isSeen)],
  }
  return [result, ...beside.filter((part) => !isSeen(part))]
}

/** How SDKs wrap what is no object, by the API's own word that `output` and `error` are keys of their own. */
const wrappers: ReadonlySet<string> = new Set(['result', 'output', 'error'])

function read(said: Json | undefined): { text: string; isError: boolean } {
  if (!isObject(said)) return { text: said === undefined ? '' : textOf(said), isError: false }
  const keys = Object.keys(said).filter((key) => said[key] !== undefined && said[key] !== null)
  const isWrapped = keys.every((key) => wrappers.has(key))
  const isError = isWrapped && keys.includes('error')
  const [only] = keys
  const value = isWrapped && keys.length === 1 && only !== undefined ? said[only] : said
  return { text: textOf(value ?? null), isError }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
