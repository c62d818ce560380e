import type { Call } from '../../core/call.ts'
import type { RequestPlace } from '../../core/protocol.ts'

/** A call that says nothing yet. */
export function emptyCall({ model, stream }: RequestPlace): Call {
  return {
    model,
    stream,
    messages: [],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    output: null,
    maxOutputTokens: null,
    temperature: null,
    topP: null,
    topK: null,
    seed: null,
    frequencyPenalty: null,
    presencePenalty: null,
    stop: [],
    choices: null,
    logprobs: null,
    reasoning: null,
    verbosity: null,
    userId: null,
    metadata: null,
    serviceTier: null,
    store: null,
    promptCacheKey: null,
    usageAsked: true,
    previousResponseId: null,
    special: [],
  }
}
