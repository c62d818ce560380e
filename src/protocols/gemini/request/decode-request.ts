import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { LossName } from '../../../core/losses.ts'
import type { RequestPlace } from '../../../core/protocol.ts'
import { hasSubstance } from '../../substance.ts'
import { emptyCall } from '../../translation/empty-call.ts'
import {
  booleanOrNull,
  numberOrNull,
  stringList,
  stringOrNull,
  stringRecord,
} from '../../translation/request-fields.ts'
import { decodeContents, decodeInstruction } from './decode-contents.ts'
import { detailOf } from './decode-media.ts'
import { decodeOutput, decodeThinking } from './decode-output.ts'
import { decodeToolChoice, decodeTools } from './decode-tools.ts'
import { type GeminiDecoding, newDecoding } from './gemini-decoding.ts'
import { camelCased, either, eitherObject } from './spelling.ts'

/** A `generateContent` request in canonical words; the model and whether it streams are in the path. */
export function decodeGeminiRequest(body: JsonObject, place: RequestPlace): Call {
  const config = eitherObject(body, 'generationConfig') ?? {}
  const number = (key: string) => numberOrNull(either(config, key))
  const decoding = newDecoding(detailOf(either(config, 'mediaResolution')))
  noteOthers(body, '', bodyLosses, decoding)
  noteOthers(config, 'generationConfig.', configLosses, decoding)
  noteModalities(config, decoding)
  return {
    ...emptyCall(place),
    messages: [
      ...decodeInstruction(either(body, 'systemInstruction'), decoding),
      ...decodeContents(body.contents, decoding),
    ],
    tools: decodeTools(body.tools, decoding),
    toolChoice: decodeToolChoice(eitherObject(body, 'toolConfig'), decoding),
    output: decodeOutput(config, decoding),
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
    store: booleanOrNull(body.store),
    special: decoding.special,
  }
}

/** Null: it is read into the call, or has no wish in it. */
const bodyLosses: Readonly<Record<string, LossName | null>> = {
  ...{ contents: null, systemInstruction: null, tools: null, toolConfig: null, generationConfig: null },
  ...{ labels: null, serviceTier: null, store: null, model: null },
  safetySettings: 'safety_settings',
  modelArmorConfig: 'safety_settings',
  cachedContent: 'stored_state',
  continuationToken: 'stored_state',
}
const configLosses: Readonly<Record<string, LossName | null>> = {
  ...{ maxOutputTokens: null, temperature: null, topP: null, topK: null, seed: null, stopSequences: null },
  ...{ frequencyPenalty: null, presencePenalty: null, candidateCount: null },
  ...{ responseLogprobs: null, logprobs: null, thinkingConfig: null, mediaResolution: null },
  ...{ responseMimeType: null, responseSchema: null, responseJsonSchema: null, responseModalities: null },
  imageConfig: 'image_output',
  speechConfig: 'audio_output',
}

function noteOthers(
  holder: JsonObject,
  before: string,
  known: Readonly<Record<string, LossName | null>>,
  { special }: GeminiDecoding,
): void {
  for (const key of Object.keys(holder)) {
    const name = camelCased(key)
    const loss = Object.hasOwn(known, name) ? known[name] : 'other_parameters'
    if (loss && hasSubstance(holder[key])) special.push({ loss, param: before + name })
  }
}

const modalities = { IMAGE: 'image_output', AUDIO: 'audio_output', VIDEO: 'other_content' } as const

function noteModalities(config: JsonObject, { special }: GeminiDecoding): void {
  const param = 'generationConfig.responseModalities'
  const asked = stringList(either(config, 'responseModalities')).map((kind) => kind.toUpperCase())
  for (const [kind, loss] of Object.entries(modalities))
    if (asked.includes(kind)) special.push({ loss, param })
}

/** The generation request within a `countTokens` request, which may also be one itself. */
export function countedRequest(body: JsonObject): JsonObject {
  return eitherObject(body, 'generateContentRequest') ?? body
}
