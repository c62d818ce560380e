import type { Call } from '../../../../src/core/call.ts'
import type { EncodedRequest } from '../../../../src/core/protocol.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'

/** A call that asks for nothing but an answer to "Hi". */
export function aCall(rest: Partial<Call> = {}): Call {
  return {
    model: 'fast',
    stream: false,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    output: null,
    maxOutputTokens: 1000,
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
    ...rest,
  }
}

/** The call as Anthropic is asked for this model. */
export function encoded(rest: Partial<Call>, model = 'claude-sonnet-4-5'): EncodedRequest {
  const target = { backendType: 'anthropic', model, askForUsage: false }
  return anthropicMessages.encodeRequest(aCall(rest), target)
}

/** What was lost, by name. */
export function lostOf({ lost }: EncodedRequest): string[] {
  return lost.map(({ loss }) => loss)
}
