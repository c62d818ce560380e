import type { Call, Effort, ReasoningWish } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { EncodedRequest, TranslationTarget } from '../../../core/protocol.ts'
import { budgetOf, effortOf, nearestEffort } from '../../translation/effort.ts'
import { familyOf } from '../../translation/model-families.ts'
import { geminiNames, TargetNames } from '../../translation/tool-target-names.ts'
import { encodeContents } from './encode-contents.ts'
import { encodeTools } from './encode-tools.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

const maxStops = 5

/** A call as a `generateContent` request; the model and whether it streams go into the path. */
export function encodeGeminiRequest(call: Call, { model }: TranslationTarget): EncodedRequest {
  const names = new TargetNames(geminiNames)
  const encoding: GeminiEncoding = { model, family: familyOf(model), names, lost: new Lost(), wrapped: [] }
  const { lost, wrapped } = encoding
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
  loseHints(call, encoding)
  const generationConfig = configOf(call, encoding)
  const body: JsonObject = {
    ...encodeContents(call, encoding),
    ...encodeTools(call, encoding),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
  }
  return {
    body,
    lost: lost.items,
    edits: { toolNames: names.original, wrappedTools: wrapped, answerTool: null },
  }
}

/** What Gemini has no place for. */
function loseHints(call: Call, { lost }: GeminiEncoding): void {
  if (call.previousResponseId !== null) lost.lose('previous_response_id')
  if (call.userId !== null) lost.lose('user')
  if (call.metadata !== null) lost.lose('metadata')
  if (call.serviceTier !== null && call.serviceTier !== 'auto') lost.lose('service_tier')
  if (call.store === true) lost.lose('store')
  if (call.promptCacheKey !== null) lost.lose('prompt_cache_key')
  if (call.verbosity !== null) lost.lose('verbosity')
}

function configOf(call: Call, encoding: GeminiEncoding): JsonObject {
  if (call.stop.length > maxStops) encoding.lost.lose('stop_sequences_beyond')
  const stops = call.stop.slice(0, maxStops)
  const members = {
    temperature: call.temperature,
    topP: call.topP,
    topK: call.topK,
    maxOutputTokens: call.maxOutputTokens,
    stopSequences: stops.length === 0 ? null : stops,
    candidateCount: call.choices,
    seed: call.seed,
    frequencyPenalty: call.frequencyPenalty,
    presencePenalty: call.presencePenalty,
    responseLogprobs: call.logprobs === null ? null : true,
    logprobs: call.logprobs?.top ? call.logprobs.top : null,
    ...outputOf(call),
    thinkingConfig: thinkingOf(call, encoding),
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

function outputOf({ output }: Call): JsonObject {
  if (output === null) return {}
  const responseMimeType = 'application/json'
  return output.type === 'json'
    ? { responseMimeType }
    : { responseMimeType, responseJsonSchema: output.schema }
}

function thinkingOf({ reasoning }: Call, { family, lost }: GeminiEncoding): JsonObject | null {
  if (reasoning === null) return null
  const isOff = reasoning.effort === 'none' || reasoning.budgetTokens === 0
  if (family.reasoning === 'none') {
    if (!isOff) lost.lose('reasoning')
    return null
  }
  const includeThoughts = reasoning.visible !== false && !isOff
  return {
    includeThoughts,
    ...(family.reasoning === 'budget' ? budget(reasoning) : level(reasoning, family.efforts)),
  }
}

/** -1 leaves it to the model. */
function budget({ effort, budgetTokens, adaptive }: ReasoningWish): JsonObject {
  if (adaptive) return { thinkingBudget: -1 }
  const tokens = budgetTokens ?? (effort === null ? null : budgetOf(effort))
  return tokens === null ? {} : { thinkingBudget: tokens }
}

function level({ effort, budgetTokens, adaptive }: ReasoningWish, known: readonly Effort[]): JsonObject {
  const wanted = effort ?? (budgetTokens === null ? null : effortOf(budgetTokens))
  if (adaptive || wanted === null) return {}
  return { thinkingLevel: nearestEffort(wanted, known).toUpperCase() }
}
