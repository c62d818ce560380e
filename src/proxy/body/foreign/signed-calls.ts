import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { sentinel } from '../../../protocols/gemini/request/sentinel.ts'

/**
 * Gemini 3 refuses a turn whose first call has no signature, as one has none that another provider made: it gets the
 * word by which Google's own client says that there is none. Older models take it too.
 */
export function withSignatures(body: JsonObject): JsonObject {
  const { contents } = body
  if (!Array.isArray(contents)) return body
  return { ...body, contents: contents.map(signedTurn) }
}

function signedTurn(turn: Json): Json {
  if (!isObject(turn) || turn.role !== 'model' || !Array.isArray(turn.parts)) return turn
  const first = turn.parts.findIndex((part) => isObject(part) && isObject(part.functionCall))
  const call = turn.parts[first]
  if (!isObject(call) || call.thoughtSignature !== undefined) return turn
  return { ...turn, parts: turn.parts.with(first, { ...call, thoughtSignature: sentinel }) }
}
