import type { ToolResultPart } from '../../../core/call.ts'
import { isObject, type JsonObject } from '../../../core/json.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { geminiIds, idForBackend } from '../../translation/tool-call-ids.ts'
import { encodeUserPart } from './encode-parts.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

/**
 * The results of a turn's calls, one response each and all together, with what they hold beside words: from Gemini 3
 * on within the response, before that behind the responses. `names`: of the calls, by their id; a response must name
 * its function, which other protocols leave to the id.
 */
export function encodeResults(
  results: readonly ToolResultPart[],
  names: ReadonlyMap<string, string>,
  encoding: GeminiEncoding,
): JsonObject[] {
  const encoded = results.map((result) => encodeResult(result, names, encoding))
  return [...encoded.map(({ response }) => response), ...encoded.flatMap(({ beside }) => beside)]
}

function encodeResult(
  { callId, name, content, isError, cache }: ToolResultPart,
  names: ReadonlyMap<string, string>,
  encoding: GeminiEncoding,
): { response: JsonObject; beside: JsonObject[] } {
  if (cache) encoding.lost.lose('cache_control')
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const media = content.flatMap((part) => (part.type === 'text' ? [] : encodeUserPart(part, encoding)))
  if (content.some((part) => part.type === 'text' && part.cache)) encoding.lost.lose('cache_control')
  const isWithin = (part: JsonObject) => encoding.traits.mixes && part.inlineData !== undefined
  const parts = media.filter(isWithin)
  const functionResponse = {
    id: idForBackend(callId, geminiIds),
    name: encoding.names.of(names.get(callId) ?? name ?? 'tool'),
    response: isError ? { error: text } : responseOf(text),
    ...(parts.length > 0 && { parts }),
  }
  return { response: { functionResponse }, beside: media.filter((part) => !isWithin(part)) }
}

/** Keys by which Gemini knows what a response without them is not. */
const meaningful: ReadonlySet<string> = new Set(['result', 'output', 'error'])
/** What a number may lose in an object of ours. */
const longNumber = /\d{16}/

/** An object is the response itself; all else, and what would be read as something else or lose digits, is a result. */
function responseOf(text: string): JsonObject {
  const value = text.trimStart().startsWith('{') && !longNumber.test(text) ? parsedJson(text) : undefined
  const isItself = isObject(value) && !Object.keys(value).some((key) => meaningful.has(key))
  return isItself ? value : { result: text }
}
