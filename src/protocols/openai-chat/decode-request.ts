import type { Call, Effort, ReasoningWish } from '../../core/call.ts'
import { isObject, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import type { LossName } from '../../core/losses.ts'
import type { RequestPlace } from '../../core/protocol.ts'
import { hasSubstance } from '../substance.ts'
import { emptyCall } from '../translation/empty-call.ts'
import {
  booleanOrNull,
  numberOrNull,
  stringList,
  stringOrNull,
  stringRecord,
} from '../translation/request-fields.ts'
import { readMessages } from './request-messages.ts'
import { readOutput, readToolChoice, readTools } from './request-tools.ts'

/** What is read into the call, or says only how to send the answer. */
const read = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'tools', 'functions', 'tool_choice', 'function_call'],
  ...[
    'parallel_tool_calls',
    'response_format',
    'max_tokens',
    'max_completion_tokens',
    'temperature',
    'top_p',
  ],
  ...['top_k', 'seed', 'frequency_penalty', 'presence_penalty', 'stop', 'n', 'logprobs', 'top_logprobs'],
  ...['reasoning_effort', 'reasoning', 'verbosity', 'user', 'safety_identifier', 'metadata', 'service_tier'],
  ...['store', 'prompt_cache_key', 'web_search_options', 'session_id'],
])
const losses: ReadonlyMap<string, LossName> = new Map<string, LossName>([
  ['logit_bias', 'logit_bias'],
  ['prediction', 'prediction'],
  ['audio', 'audio_output'],
])

/** A chat completion's request in canonical words. */
export function decodeChatRequest(body: JsonObject, place: RequestPlace): Call {
  return {
    ...emptyCall(place),
    messages: readMessages(body.messages),
    tools: readTools(body),
    toolChoice: readToolChoice(body.tool_choice ?? body.function_call),
    parallelToolCalls: booleanOrNull(body.parallel_tool_calls),
    output: readOutput(body.response_format),
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
    reasoning: readReasoning(body),
    verbosity: stringOrNull(body.verbosity),
    userId: stringOrNull(body.user) ?? stringOrNull(body.safety_identifier),
    metadata: stringRecord(body.metadata),
    serviceTier: stringOrNull(body.service_tier),
    store: booleanOrNull(body.store),
    promptCacheKey: stringOrNull(body.prompt_cache_key),
    usageAsked: objectAt(body, 'stream_options')?.include_usage === true,
    special: specialOf(body),
  }
}

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** OpenAI's word, or OpenRouter's object. */
function readReasoning(body: JsonObject): ReasoningWish | null {
  const wish = objectAt(body, 'reasoning')
  const word = stringOrNull(body.reasoning_effort) ?? stringAt(wish, 'effort')
  const effort = efforts.find((known) => known === word) ?? null
  const budgetTokens = numberOrNull(wish?.max_tokens)
  if (effort === null && budgetTokens === null && wish?.enabled !== true) return null
  return { effort, budgetTokens, adaptive: false, visible: wish?.exclude === true ? false : null }
}

function specialOf(body: JsonObject): Call['special'] {
  const special = Object.keys(body).flatMap((param) => {
    if (read.has(param) || !hasSubstance(body[param])) return []
    return [{ loss: losses.get(param) ?? ('other_parameters' as const), param }]
  })
  const modalities = Array.isArray(body.modalities) ? body.modalities : []
  const others = special.filter(({ param }) => param !== 'modalities')
  if (modalities.includes('image')) others.push({ loss: 'image_output', param: 'modalities' })
  if (modalities.includes('audio') && !isObject(body.audio)) {
    others.push({ loss: 'audio_output', param: 'modalities' })
  }
  return others
}
