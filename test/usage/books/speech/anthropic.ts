import type { Amounts } from '../plan.ts'
import { halves, type Said, type Speech, sse } from './speech.ts'

type Fields = Record<string, unknown>

export const anthropic: Speech = {
  // What the prompt took stands in the first event.
  openingTells: 'prompt',
  whole: (said) => ({
    ...message(said),
    content: [
      { type: 'text', text: said.text },
      ...said.calls.map((call, index) => ({ ...toolUse(said, call.name, index), input: call.arguments })),
    ],
    ...ending(said),
    ...(said.amounts && { usage: usageOf(said.amounts) }),
  }),
  frames(said) {
    const { pieces, calls, amounts } = said
    const start = amounts ? { usage: { ...usageOf(amounts), output_tokens: 1 } } : {}
    const text = calls.length
    return {
      opening: [
        event('message_start', { message: { ...message(said), ...start } }),
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        event('ping', {}),
      ],
      content: pieces.map((piece) =>
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
      ),
      closing: [
        event('content_block_stop', { index: 0 }),
        ...calls.flatMap((call, index) => [
          event('content_block_start', {
            index: index + 1,
            content_block: { ...toolUse(said, call.name, index), input: {} },
          }),
          ...['', ...halves(call)].map((partial) =>
            event('content_block_delta', {
              index: index + 1,
              delta: { type: 'input_json_delta', partial_json: partial },
            }),
          ),
          event('content_block_stop', { index: index + 1 }),
        ]),
        event('message_delta', {
          delta: { stop_reason: text > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
          ...(amounts && { usage: { output_tokens: amounts.visible + amounts.reasoning } }),
        }),
        event('message_stop', {}),
      ],
      error: event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
    }
  },
  error: (status) => ({
    type: 'error',
    error: { type: 'api_error', message: `Error ${status} of the provider.` },
  }),
}

function event(type: string, rest: Fields): string {
  return sse({ type, ...rest }, type)
}

function message({ id, model }: Said): Fields {
  const rest = { content: [], stop_reason: null, stop_sequence: null }
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model, ...rest }
}

function ending({ calls }: Said): Fields {
  return { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn' }
}

function toolUse({ id }: Said, name: string, index: number): Fields {
  return { type: 'tool_use', id: `toolu_${id}_${index}`, name }
}

/** `input_tokens` are only what was neither read from nor written to a cache. */
function usageOf({ fresh, cacheRead, cacheWrite, cacheWriteHour, visible, reasoning }: Amounts): Fields {
  return {
    input_tokens: fresh,
    cache_creation_input_tokens: cacheWrite + cacheWriteHour,
    cache_read_input_tokens: cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite,
      ephemeral_1h_input_tokens: cacheWriteHour,
    },
    output_tokens: visible + reasoning,
    service_tier: 'standard',
  }
}
