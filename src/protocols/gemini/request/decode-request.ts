import type { Call, Effort, OutputFormat, ReasoningWish } from '../../../core/call.ts'
import { type JsonObject, objectAt } from '../../../core/json.ts'
import type { LossName } from '../../../core/losses.ts'
import type { RequestPlace } from '../../../core/protocol.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { emptyCall } from '../../translation/empty-call.ts'
import {
  booleanOrNull,
  numberOrNull,
  stringList,
  stringOrNull,
  stringRecord,
} from '../../translation/request-fields.ts'
import { decodeContents, decodeInstruction } from './decode-contents.ts'
import { decodeToolChoice, decodeTools } from './decode-tools.ts'
import { lowerCaseTypes } from './openapi-schema.ts'
import { camelCased, either, eitherObject } from './spelling.ts'

/** A `generateContent` request in canonical words; the model and whether it streams are in the path. */
export function decodeGeminiRequest(body: JsonObject, place: RequestPlace): Call {
  const config = eitherObject(body, 'generationConfig') ?? {}
  const number = (key: string) => numberOrNull(either(config, key))
  return {
    ...emptyCall(place),
    messages: [...decodeInstruction(either(body, 'systemInstruction')), ...decodeContents(body.contents)],
    tools: decodeTools(body.tools),
    toolChoice: decodeToolChoice(eitherObject(body, 'toolConfig')),
    output: decodeOutput(config),
    maxOutputTokens: number('maxOutputTokens'),
    temperature: number('temperature'),
    topP: number('topP'),
    topK: number('topK'),
    seed: number('seed'),
    frequencyPenalty: number('frequencyPenalty'),
    presencePenalty: number('presencePenalty'),
    stop: stringList(either(config, 'stopSequences')),
    choices: number('candidateCount'),
    logprobs: either(config, 'responseLogprobs') === true ? { top: number('logprobs') ?? 0 } : null,
    reasoning: decodeThinking(eitherObject(config, 'thinkingConfig')),
    metadata: stringRecord(body.labels),
    serviceTier: stringOrNull(either(body, 'serviceTier')),
    special: [
      ...specialOf(body, '', bodyLosses),
      ...specialOf(config, 'generationConfig.', configLosses),
      ...modalities(config),
    ],
  }
}

function decodeOutput(config: JsonObject): OutputFormat | null {
  if (filled(either(config, 'responseMimeType')) !== 'application/json') return null
  const schema = eitherObject(config, 'responseJsonSchema')
  const subset = eitherObject(config, 'responseSchema')
  const found = schema ?? (subset === undefined ? undefined : lowerCaseTypes(subset))
  if (found === undefined) return { type: 'json' }
  return { type: 'json_schema', name: null, description: null, schema: found, strict: null }
}

const levels: Readonly<Record<string, Effort>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
}

function decodeThinking(config: JsonObject | undefined): ReasoningWish | null {
  if (config === undefined) return null
  const budget = numberOrNull(either(config, 'thinkingBudget'))
  const level = filled(either(config, 'thinkingLevel'))?.toUpperCase() ?? ''
  return {
    effort: Object.hasOwn(levels, level) ? (levels[level] as Effort) : null,
    budgetTokens: budget === null || budget < 0 ? null : budget,
    adaptive: budget !== null && budget < 0,
    visible: booleanOrNull(either(config, 'includeThoughts')),
  }
}

/** What is read into the call, or has no wish in it; null stands for that. */
const bodyLosses: Readonly<Record<string, LossName | null>> = {
  ...{ contents: null, systemInstruction: null, tools: null, toolConfig: null, generationConfig: null },
  ...{ labels: null, serviceTier: null, model: null, sessionId: null },
  safetySettings: 'safety_settings',
  cachedContent: 'stored_state',
}
const configLosses: Readonly<Record<string, LossName | null>> = {
  ...{ maxOutputTokens: null, temperature: null, topP: null, topK: null, seed: null, stopSequences: null },
  ...{
    frequencyPenalty: null,
    presencePenalty: null,
    candidateCount: null,
    responseLogprobs: null,
    logprobs: null,
  },
  ...{ thinkingConfig: null, responseMimeType: null, responseSchema: null, responseJsonSchema: null },
  ...{ responseModalities: null, imageConfig: 'image_output', speechConfig: 'audio_output' },
}

function specialOf(
  holder: JsonObject,
  before: string,
  known: Readonly<Record<string, LossName | null>>,
): { loss: LossName; param: string }[] {
  return Object.keys(holder).flatMap((key) => {
    const name = camelCased(key)
    const loss = Object.hasOwn(known, name) ? known[name] : 'other_parameters'
    return !loss || !hasSubstance(holder[key]) ? [] : [{ loss, param: before + name }]
  })
}

function modalities(config: JsonObject): { loss: LossName; param: string }[] {
  const param = 'generationConfig.responseModalities'
  const asked = stringList(either(config, 'responseModalities')).map((kind) => kind.toUpperCase())
  return [
    ...(asked.includes('IMAGE') ? [{ loss: 'image_output' as const, param }] : []),
    ...(asked.includes('AUDIO') ? [{ loss: 'audio_output' as const, param }] : []),
  ]
}

/** The generation request within a `countTokens` request. */
export function countedRequest(body: JsonObject): JsonObject {
  return eitherObject(body, 'generateContentRequest') ?? objectAt(body, 'request') ?? body
}
