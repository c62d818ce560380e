import type { Call } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { EncodedRequest, TranslationTarget } from '../../../core/protocol.ts'
import { effortOf, nearestEffort } from '../../translation/effort.ts'
import { familyOf } from '../../translation/model-families.ts'
import { encodeInput } from './encode-input.ts'
import { encodeTools } from './encode-tools.ts'
import { encodingFor, type ResponsesEncoding } from './responses-encoding.ts'

/** The API refuses less. */
const leastOutputTokens = 16

/** A call as a Responses request. */
export function encodeResponsesRequest(call: Call, target: TranslationTarget): EncodedRequest {
  const encoding = encodingFor(call, target.model)
  const { lost, names } = encoding
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
  loseWhole(call, encoding)
  const ofPlan = target.backendType === 'chatgpt'
  const store = ofPlan ? false : (call.store ?? false)
  const body = withoutAbsent({
    model: target.model,
    ...(ofPlan ? withInstructions(call, encoding) : { input: encodeInput(call, encoding) }),
    ...encodeTools(call, encoding),
    ...encodeText(call),
    max_output_tokens:
      call.maxOutputTokens === null ? null : Math.max(leastOutputTokens, call.maxOutputTokens),
    ...encodeSampling(call, encoding),
    ...encodeReasoning(call, encoding),
    include: includeOf(call, encoding),
    top_logprobs: call.logprobs?.top ? call.logprobs.top : null,
    user: call.userId,
    metadata: call.metadata,
    service_tier: call.serviceTier === 'standard_only' ? 'default' : call.serviceTier,
    prompt_cache_key: call.promptCacheKey,
    previous_response_id: call.previousResponseId,
    store,
    // The plan's backend only streams.
    stream: ofPlan ? true : call.stream,
  })
  return { body, lost: lost.items, edits: { toolNames: names.original, wrappedTools: [], answerTool: null } }
}

function withoutAbsent(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** The plan's backend wants instructions: the leading ones of the call, or the least that can be said. */
function withInstructions(call: Call, encoding: ResponsesEncoding): JsonObject {
  const rest = call.messages.findIndex(({ role }) => role !== 'system')
  const leading = call.messages.slice(0, rest < 0 ? call.messages.length : rest)
  const words = leading.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  )
  const messages = call.messages.slice(leading.length)
  const instructions = words.length > 0 ? words.join('\n') : 'You are a helpful assistant.'
  return { instructions, input: encodeInput({ ...call, messages }, encoding) }
}

/** What a Responses request has no member for. */
function loseWhole(call: Call, { lost }: ResponsesEncoding): void {
  if (call.stop.length > 0) lost.lose('stop')
  if (call.choices !== null && call.choices > 1) lost.lose('n')
  if (call.topK !== null) lost.lose('top_k')
  if (call.seed !== null) lost.lose('seed')
  if (call.frequencyPenalty) lost.lose('frequency_penalty')
  if (call.presencePenalty) lost.lose('presence_penalty')
}

function encodeText({ output, verbosity }: Call): JsonObject {
  const format = output === null ? null : formatOf(output)
  if (format === null && verbosity === null) return {}
  return { text: withoutAbsent({ format, verbosity }) }
}

function formatOf(output: NonNullable<Call['output']>): JsonObject {
  if (output.type === 'json') return { type: 'json_object' }
  const { name, description, schema, strict } = output
  return withoutAbsent({
    type: 'json_schema',
    name: name ?? 'answer',
    description,
    schema,
    strict: strict ?? false,
  })
}

function encodeSampling({ temperature, topP }: Call, { model, lost }: ResponsesEncoding): JsonObject {
  if (familyOf(model).refusesSampling !== 'always') return { temperature, top_p: topP }
  if (temperature !== null && temperature !== 1) lost.lose('temperature')
  if (topP !== null && topP !== 1) lost.lose('top_p')
  return {}
}

function encodeReasoning({ reasoning }: Call, { model, reasons, lost }: ResponsesEncoding): JsonObject {
  if (reasoning === null) return {}
  const wanted =
    reasoning.effort ?? (reasoning.budgetTokens === null ? null : effortOf(reasoning.budgetTokens))
  if (!reasons) {
    if (wanted !== 'none') lost.lose('reasoning')
    return {}
  }
  const effort = wanted === null ? null : nearestEffort(wanted, familyOf(model).efforts)
  // Other protocols show thoughts unless told not to; OpenAI shows a summary to those who ask.
  const summary = reasoning.visible === false || wanted === 'none' ? null : 'auto'
  const wish = withoutAbsent({ effort, summary })
  return Object.keys(wish).length === 0 ? {} : { reasoning: wish }
}

/** The state of its thoughts, so that the client can carry it to the next turn. */
function includeOf({ logprobs, store }: Call, { reasons }: ResponsesEncoding): string[] | null {
  const include = [
    ...(reasons && store !== true ? ['reasoning.encrypted_content'] : []),
    ...(logprobs === null ? [] : ['message.output_text.logprobs']),
  ]
  return include.length === 0 ? null : include
}
