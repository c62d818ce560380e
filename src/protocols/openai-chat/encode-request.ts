import type { Call } from '../../core/call.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { EncodedRequest, TranslationTarget } from '../../core/protocol.ts'
import { effortOf, nearestEffort } from '../translation/effort.ts'
import { familyOf } from '../translation/model-families.ts'
import { chatNames, TargetNames } from '../translation/tool-target-names.ts'
import { ChatLost } from './chat-lost.ts'
import { type ChatDialect, dialectOf } from './dialects.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeTools } from './encode-tools.ts'

const maxStops = 4

/** A call as a chat completion's request, in the dialect of the backend. */
export function encodeChatRequest(call: Call, target: TranslationTarget): EncodedRequest {
  const dialect = dialectOf(target.backendType)
  const lost = new ChatLost()
  const names = new TargetNames(chatNames)
  const wrapped: string[] = []
  const developer = dialect.newerNames && familyOf(target.model).reasoning !== 'none'
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
  if (call.previousResponseId !== null) lost.lose('previous_response_id')
  const body = withoutAbsent({
    model: target.model,
    messages: encodeMessages(call, { dialect, developer, names, lost }),
    ...encodeTools(call, { dialect, names, lost, wrapped }),
    ...encodeOutput(call, dialect),
    ...encodeLimit(call, dialect, target),
    ...encodeSampling(call, target, lost),
    ...encodeReasoning(call, dialect, target, lost),
    n: call.choices,
    logprobs: call.logprobs === null ? null : true,
    top_logprobs: call.logprobs?.top ? call.logprobs.top : null,
    ...encodeAccount(call, dialect, lost),
    stream: call.stream,
    stream_options: call.stream && target.askForUsage ? { include_usage: true } : null,
  })
  return {
    body,
    lost: lost.items,
    edits: { toolNames: names.original, wrappedTools: wrapped, answerTool: null },
  }
}

function withoutAbsent(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  )
}

function encodeOutput({ output }: Call, { strictTools }: ChatDialect): JsonObject {
  if (output === null) return {}
  if (output.type === 'json') return { response_format: { type: 'json_object' } }
  const json_schema = withoutAbsent({
    name: output.name ?? 'answer',
    description: output.description,
    schema: output.schema,
    strict: strictTools ? output.strict : null,
  })
  return { response_format: { type: 'json_schema', json_schema } }
}

function encodeLimit(
  { maxOutputTokens }: Call,
  { newerNames }: ChatDialect,
  { model }: TranslationTarget,
): JsonObject {
  if (maxOutputTokens === null) return {}
  const isNewer = newerNames && familyOf(model).reasoning !== 'none'
  return { [isNewer ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens }
}

function encodeSampling(call: Call, { model }: TranslationTarget, lost: ChatLost): JsonObject {
  const stop = call.stop.slice(0, maxStops)
  if (call.stop.length > maxStops) lost.lose('stop_sequences_beyond')
  if (call.topK !== null) lost.lose('top_k')
  const rest: JsonObject = { seed: call.seed, stop: stop.length === 0 ? null : stop }
  if (familyOf(model).refusesSampling !== 'always') {
    return {
      ...{ temperature: call.temperature, top_p: call.topP },
      ...{ frequency_penalty: call.frequencyPenalty, presence_penalty: call.presencePenalty },
      ...rest,
    }
  }
  if (call.temperature !== null && call.temperature !== 1) lost.lose('temperature')
  if (call.topP !== null && call.topP !== 1) lost.lose('top_p')
  if (call.frequencyPenalty) lost.lose('frequency_penalty')
  if (call.presencePenalty) lost.lose('presence_penalty')
  return rest
}

function encodeReasoning(
  { reasoning }: Call,
  dialect: ChatDialect,
  { model }: TranslationTarget,
  lost: ChatLost,
): JsonObject {
  if (reasoning === null) return {}
  const family = familyOf(model)
  const wanted =
    reasoning.effort ?? (reasoning.budgetTokens === null ? null : effortOf(reasoning.budgetTokens))
  if (family.reasoning === 'none' || dialect.reasoning === 'none') {
    if (wanted !== 'none') lost.lose('reasoning')
    return {}
  }
  if (dialect.reasoning === 'object') {
    const { effort, budgetTokens, visible } = reasoning
    const limit =
      effort === null && budgetTokens ? { max_tokens: budgetTokens } : { effort: wanted ?? 'medium' }
    return { reasoning: { ...limit, ...(visible === false && { exclude: true }) } }
  }
  if (wanted === null) return {}
  return { reasoning_effort: nearestEffort(wanted, family.efforts) }
}

/** What means something to OpenAI's own accounts only. */
function encodeAccount(call: Call, { accountOptions }: ChatDialect, lost: ChatLost): JsonObject {
  const tier = call.serviceTier === 'standard_only' ? 'default' : call.serviceTier
  const options: JsonObject = {
    user: call.userId,
    metadata: call.metadata,
    service_tier: tier,
    store: call.store,
    prompt_cache_key: call.promptCacheKey,
    verbosity: call.verbosity,
  }
  if (accountOptions) return options
  const names = ['user', 'metadata', 'service_tier', 'store', 'prompt_cache_key', 'verbosity'] as const
  for (const name of names) if (options[name] !== null && options[name] !== false) lost.lose(name)
  return {}
}
