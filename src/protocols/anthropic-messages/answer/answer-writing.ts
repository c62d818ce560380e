import type { ReasoningState } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { sealState, stateForClient } from '../../translation/reasoning-state.ts'
import { idForClient, inventedId, messagesIds } from '../../translation/tool-call-ids.ts'

/** The empty message: all that the official SDK's type has. */
export function messageHead(about: AnswerAbout, model: string | null | undefined): JsonObject {
  return {
    id: `msg_${about.exchangeId.replace(/^x_/, '')}`,
    type: 'message',
    role: 'assistant',
    model: model ?? about.source.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  }
}

export function toolUseBlock(
  call: { id: string; name: string; index: number },
  about: AnswerAbout,
): JsonObject {
  const { id, name, index } = call
  return {
    type: 'tool_use',
    id: id === '' ? inventedId(about.exchangeId, index) : idForClient(id, messagesIds),
    name,
    input: {},
    caller: { type: 'direct' },
  }
}

export function redactedBlock(state: Omit<ReasoningState, 'model'>, about: AnswerAbout): JsonObject {
  return { type: 'redacted_thinking', data: stateForClient(state, about.source, 'anthropic-messages') }
}

/**
 * What proves thoughts to their model. Those that came without a proof get an empty seal of ours, by which they are
 * taken out again before a request goes to Anthropic: thoughts without a signature are refused there.
 */
export function signatureOf(
  state: Omit<ReasoningState, 'model'> | undefined,
  { source }: AnswerAbout,
): string {
  if (state !== undefined) return stateForClient(state, source, 'anthropic-messages')
  return sealState({ ...source, kind: 'signature', data: '' })
}

/**
 * Whether the client does not want to read thoughts. It gets those of chat backends all the same: they have no
 * other proof than their words, and some refuse a turn of tool calls that comes back without.
 */
export function hidesThoughts({ call, source }: AnswerAbout): boolean {
  return call.reasoning?.visible === false && source.protocol !== 'openai-chat'
}
