import { isObject, type JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { geminiIds, idForClient, inventedId } from '../../translation/tool-call-ids.ts'

/** The arguments where they are the JSON of an object, or none at all. */
export function wholeArguments(text: string): JsonObject | undefined {
  const value = text.trim() === '' ? {} : parsedJson(text)
  return isObject(value) ? value : undefined
}

/** Arguments that are no JSON of an object are kept as they came, under a name that no tool has: its client must see that they are wrong. */
export function callArguments(text: string): JsonObject {
  return wholeArguments(text) ?? { _raw: text }
}

/** `index` counts the answer's calls. */
export function callId(id: string, index: number, { exchangeId }: AnswerAbout): string {
  return id === '' ? inventedId(exchangeId, index) : idForClient(id, geminiIds)
}
