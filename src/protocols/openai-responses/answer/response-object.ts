import type { ChoiceEnd } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'

/** The ids of a response and of its items, made of the exchange's. */
export class ResponseIds {
  readonly #base: string

  constructor({ exchangeId }: AnswerAbout) {
    this.#base = exchangeId.replace(/^x_/, '')
  }

  get response(): string {
    return `resp_${this.#base}`
  }

  item(kind: 'msg' | 'rs' | 'fc' | 'ctc' | 'ig', index: number): string {
    return `${kind}_${this.#base}_${index}`
  }
}

/** The parts of a usage that Responses tells. */
export const responsesUsageParts = [
  'cachedTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'serviceTier',
] as const

export interface ResponseState {
  model: string
  output: readonly JsonObject[]
  usage: ReportedUsage | null
  /** Undefined while it goes on. */
  end: ChoiceEnd | undefined
  /** The model said no in words, and did nothing else. */
  refused: boolean
}

/** A `response` object with every member that the SDK's type has; what the client did not set is as the API echoes it. */
export function responseObject(about: AnswerAbout, state: ResponseState): JsonObject {
  const { call } = about
  const incomplete = state.end === undefined ? null : incompleteReason(state.end, state.refused)
  const status = state.end === undefined ? 'in_progress' : incomplete === null ? 'completed' : 'incomplete'
  return {
    id: new ResponseIds(about).response,
    object: 'response',
    created_at: about.createdS,
    status,
    background: false,
    error: null,
    incomplete_details: incomplete === null ? null : { reason: incomplete },
    instructions: null,
    max_output_tokens: call.maxOutputTokens,
    metadata: call.metadata ?? {},
    model: state.model,
    output: [...state.output],
    parallel_tool_calls: call.parallelToolCalls ?? true,
    previous_response_id: call.previousResponseId,
    reasoning: { effort: call.reasoning?.effort ?? null, summary: null },
    service_tier: state.usage?.serviceTier ?? null,
    store: call.store ?? true,
    temperature: call.temperature,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: call.topP,
    truncation: 'disabled',
    usage: state.usage === null ? null : encodeUsage(state.usage),
    user: call.userId,
  }
}

/** A refusal in words is a complete answer. */
function incompleteReason({ reason }: ChoiceEnd, refused: boolean): string | null {
  if (reason === 'length') return 'max_output_tokens'
  return reason === 'filter' && !refused ? 'content_filter' : null
}

function encodeUsage(usage: ReportedUsage): JsonObject {
  const input = usage.promptTokens ?? 0
  const output = usage.completionTokens ?? 0
  const read = {
    ...(usage.cachedTokens !== undefined && { cached_tokens: usage.cachedTokens }),
    ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
  }
  return {
    input_tokens: input,
    ...(Object.keys(read).length > 0 && { input_tokens_details: read }),
    output_tokens: output,
    ...(usage.reasoningTokens !== undefined && {
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    }),
    total_tokens: usage.totalTokens ?? input + output,
  }
}
