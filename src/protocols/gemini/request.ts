import { isObject, type JsonObject } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import { hasSubstance } from '../substance.ts'
import { systemStart } from '../system-start.ts'
import { toolNames } from '../tool-names.ts'

/** The model and whether to stream are in the path; the API takes both spellings of `systemInstruction`. */
export function readGeminiRequest(body: JsonObject): RequestFacts {
  const contents = Array.isArray(body.contents)
    ? body.contents
    : isObject(body.contents)
      ? [body.contents]
      : []
  const instruction = body.systemInstruction ?? body.system_instruction
  const system = hasSubstance(instruction) ? [{ answer: false, item: instruction ?? null }] : []
  return {
    model: null,
    stream: false,
    asksForUsage: true,
    conversation: [
      ...system,
      ...contents.map((item) => ({ answer: isObject(item) && item.role === 'model', item })),
    ],
    userId: null,
    promptCacheKey: null,
    toolNames: toolNames(body.tools),
    systemStart: systemStart(instruction),
  }
}
