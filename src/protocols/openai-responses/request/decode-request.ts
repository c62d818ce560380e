import type { Call, Effort, Message, ReasoningWish } from '../../../core/call.ts'
import { type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
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
import { decodeInput } from './decode-input.ts'
import { decodeOutput, decodeToolChoice, decodeTools } from './decode-tools.ts'

/** What is read into the call, or says only how to send the answer. */
const read = new Set([
  ...[
    'model',
    'input',
    'instructions',
    'stream',
    'stream_options',
    'include',
    'tools',
    'tool_choice',
    'text',
  ],
  ...[
    'parallel_tool_calls',
    'max_output_tokens',
    'temperature',
    'top_p',
    'top_logprobs',
    'reasoning',
    'user',
  ],
  ...['safety_identifier', 'metadata', 'service_tier', 'store', 'prompt_cache_key', 'previous_response_id'],
  ...['session_id', 'client_metadata', 'truncation'],
])
const losses: ReadonlyMap<string, LossName> = new Map<string, LossName>([
  ['conversation', 'stored_state'],
  ['prompt', 'stored_state'],
  ['background', 'background'],
])
const logprobsWanted = 'message.output_text.logprobs'

/** A Responses request in canonical words. */
export function decodeResponsesRequest(body: JsonObject, place: RequestPlace): Call {
  const top = numberOrNull(body.top_logprobs)
  const wantsLogprobs = top !== null || stringList(body.include).includes(logprobsWanted)
  return {
    ...emptyCall(place),
    messages: [...instructionsOf(body.instructions), ...decodeInput(body.input)],
    tools: decodeTools(body.tools),
    toolChoice: decodeToolChoice(body.tool_choice),
    parallelToolCalls: booleanOrNull(body.parallel_tool_calls),
    output: decodeOutput(objectAt(body, 'text')),
    maxOutputTokens: numberOrNull(body.max_output_tokens),
    temperature: numberOrNull(body.temperature),
    topP: numberOrNull(body.top_p),
    logprobs: wantsLogprobs ? { top: top ?? 0 } : null,
    reasoning: reasoningOf(objectAt(body, 'reasoning')),
    verbosity: stringOrNull(objectAt(body, 'text')?.verbosity),
    userId: stringOrNull(body.user) ?? stringOrNull(body.safety_identifier),
    metadata: stringRecord(body.metadata),
    serviceTier: stringOrNull(body.service_tier),
    store: booleanOrNull(body.store),
    promptCacheKey: stringOrNull(body.prompt_cache_key),
    previousResponseId: stringOrNull(body.previous_response_id),
    special: specialOf(body),
  }
}

function instructionsOf(instructions: Json | undefined): Message[] {
  if (typeof instructions !== 'string' || instructions === '') return []
  return [{ role: 'system', parts: [{ type: 'text', text: instructions }] }]
}

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

function reasoningOf(wish: JsonObject | undefined): ReasoningWish | null {
  const effort = efforts.find((known) => known === stringAt(wish, 'effort')) ?? null
  const summary = stringAt(wish, 'summary') ?? stringAt(wish, 'generate_summary')
  if (effort === null && summary === undefined) return null
  return {
    effort,
    budgetTokens: null,
    adaptive: false,
    visible: summary === undefined ? null : summary !== 'none',
  }
}

function specialOf(body: JsonObject): Call['special'] {
  return Object.keys(body).flatMap((param) => {
    if (read.has(param) || !hasSubstance(body[param])) return []
    return [{ loss: losses.get(param) ?? ('other_parameters' as const), param }]
  })
}
