import type { Call, Effort, ReasoningWish } from '../../../core/call.ts'
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
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
import { decodeMessages } from './decode-messages.ts'
import { decodeOutput, decodeToolChoice, decodeTools } from './decode-tools.ts'
import type { Specials } from './specials.ts'

/** What is read into the call, or says only how to send the answer. */
const read = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'session_id'],
  ...['tools', 'functions', 'tool_choice', 'function_call', 'parallel_tool_calls', 'web_search_options'],
  ...['response_format', 'max_tokens', 'max_completion_tokens', 'stop', 'n', 'logprobs', 'top_logprobs'],
  ...['temperature', 'top_p', 'top_k', 'seed', 'frequency_penalty', 'presence_penalty'],
  ...['reasoning_effort', 'reasoning', 'verbosity', 'user', 'safety_identifier', 'metadata'],
  ...['service_tier', 'store', 'prompt_cache_key', 'modalities'],
])
const losses: ReadonlyMap<string, LossName> = new Map<string, LossName>([
  ['logit_bias', 'logit_bias'],
  ['prediction', 'prediction'],
  ['audio', 'audio_output'],
])

/** A chat completion's request in canonical words. Throws `bad_request` for what cannot be understood. */
export function decodeChatRequest(body: JsonObject, place: RequestPlace): Call {
  const special = otherParameters(body)
  return {
    ...emptyCall(place),
    messages: decodeMessages(body.messages, special),
    tools: decodeTools(body),
    toolChoice: decodeToolChoice(body, special),
    parallelToolCalls: booleanOrNull(body.parallel_tool_calls),
    output: decodeOutput(body.response_format, special),
    maxOutputTokens: numberOrNull(body.max_completion_tokens) ?? numberOrNull(body.max_tokens),
    temperature: numberOrNull(body.temperature),
    topP: numberOrNull(body.top_p),
    topK: numberOrNull(body.top_k),
    seed: numberOrNull(body.seed),
    frequencyPenalty: numberOrNull(body.frequency_penalty),
    presencePenalty: numberOrNull(body.presence_penalty),
    stop: stringList(body.stop),
    choices: numberOrNull(body.n),
    logprobs: body.logprobs === true ? { top: numberOrNull(body.top_logprobs) ?? 0 } : null,
    reasoning: decodeReasoning(body, special),
    verbosity: stringOrNull(body.verbosity),
    userId: stringOrNull(body.user) ?? stringOrNull(body.safety_identifier),
    metadata: stringRecord(body.metadata),
    serviceTier: stringOrNull(body.service_tier),
    store: booleanOrNull(body.store),
    promptCacheKey: stringOrNull(body.prompt_cache_key),
    usageAsked: objectAt(body, 'stream_options')?.include_usage === true,
    special,
  }
}

function otherParameters(body: JsonObject): Specials {
  const special: Specials = Object.keys(body)
    .filter((param) => !read.has(param) && hasSubstance(body[param]))
    .map((param) => ({ loss: losses.get(param) ?? 'other_parameters', param }))
  const modalities = arrayAt(body, 'modalities') ?? []
  if (modalities.includes('image')) special.push({ loss: 'image_output', param: 'modalities' })
  if (modalities.includes('audio') && !isObject(body.audio)) {
    special.push({ loss: 'audio_output', param: 'modalities' })
  }
  return special
}

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** OpenAI's word, or OpenRouter's object. */
function decodeReasoning(body: JsonObject, special: Specials): ReasoningWish | null {
  const wish = objectAt(body, 'reasoning')
  const word = stringOrNull(body.reasoning_effort) ?? stringAt(wish, 'effort')
  const known = efforts.find((effort) => effort === word)
  if (word && known === undefined) special.push({ loss: 'reasoning', param: 'reasoning_effort' })
  const effort = known ?? (wish?.enabled === false ? 'none' : null)
  const budgetTokens = numberOrNull(wish?.max_tokens)
  const adaptive = effort === null && budgetTokens === null && wish?.enabled === true
  const visible = wish?.exclude === true ? false : null
  if (effort === null && budgetTokens === null && !adaptive && visible === null) return null
  return { effort, budgetTokens, adaptive, visible }
}
