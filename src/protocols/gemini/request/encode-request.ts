import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { LossAt } from '../../../core/losses.ts'
import type { EncodedRequest, TranslationTarget } from '../../../core/protocol.ts'
import { encodeContents } from './encode-contents.ts'
import { encodeOutput } from './encode-output.ts'
import { encodeThinking } from './encode-thinking.ts'
import { encodeTools } from './encode-tools.ts'
import { type GeminiEncoding, newEncoding } from './gemini-encoding.ts'

const maxStops = 5

/** A call as a `generateContent` request; the model and whether it streams go into the path. */
export function encodeGeminiRequest(call: Call, target: TranslationTarget): EncodedRequest {
  const encoding = newEncoding(call, target)
  const { lost, wrapped, names } = encoding
  loseUnsaid(encoding)
  const tools = encodeTools(encoding)
  const output = encodeOutput(tools.tools !== undefined, encoding)
  const generationConfig = { ...sampling(encoding), ...output.format, ...encodeThinking(encoding) }
  const body: JsonObject = {
    ...encodeContents(encoding, output.sentence),
    ...tools,
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
  }
  const edits = { toolNames: names.original, wrappedTools: wrapped, answerTool: null }
  return { body, lost: lost.items, edits }
}

/** What this protocol has no parameter for, and when a call asks for it. */
const unsaid: readonly [LossAt<'request', 'gemini'>, (call: Call) => boolean][] = [
  ['previous_response_id', ({ previousResponseId }) => previousResponseId !== null],
  ['user', ({ userId }) => userId !== null],
  ['metadata', ({ metadata }) => metadata !== null && Object.keys(metadata).length > 0],
  ['service_tier', ({ serviceTier }) => serviceTier !== null && serviceTier !== 'auto'],
  ['store', ({ store }) => store === true],
  ['prompt_cache_key', ({ promptCacheKey }) => promptCacheKey !== null],
  ['verbosity', ({ verbosity }) => verbosity !== null],
  ['stop_sequences_beyond', ({ stop }) => stop.length > maxStops],
]

function loseUnsaid({ call, lost }: GeminiEncoding): void {
  for (const [loss, asks] of unsaid) if (asks(call)) lost.lose(loss)
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
}

function sampling({ call, traits }: GeminiEncoding): JsonObject {
  const stops = call.stop.slice(0, maxStops)
  const most = traits.maxOutputTokens
  const members = {
    temperature: call.temperature,
    topP: call.topP,
    topK: call.topK,
    // More than the model can say is refused, and means no less.
    maxOutputTokens:
      most === null || call.maxOutputTokens === null
        ? call.maxOutputTokens
        : Math.min(call.maxOutputTokens, most),
    stopSequences: stops.length === 0 ? null : stops,
    candidateCount: call.choices,
    seed: call.seed,
    frequencyPenalty: call.frequencyPenalty,
    presencePenalty: call.presencePenalty,
    responseLogprobs: call.logprobs === null ? null : true,
    logprobs: call.logprobs?.top ? call.logprobs.top : null,
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}
