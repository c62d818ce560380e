import type { Call } from '../../../../src/core/call.ts'
import type { EncodedRequest } from '../../../../src/core/protocol.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'

/** A call that asks for nothing but an answer to "Hi". */
export function aCall(rest: Partial<Call> = {}): Call {
  return {
    ...emptyCall({ model: 'fast', stream: false }),
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    maxOutputTokens: 1000,
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
