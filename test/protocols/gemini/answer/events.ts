import type { Event } from '../../../../src/core/event.ts'

export const start: Event = { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-5' }
export const text = (said: string): Event => ({ type: 'text', text: said })
export const end: Event = { type: 'end', reason: 'stop', raw: 'end_turn' }
export const usage: Event = {
  type: 'usage',
  usage: { promptTokens: 12, completionTokens: 5, totalTokens: 17 },
}
export const call = (
  index: number,
  args: string,
  more: Partial<Extract<Event, { type: 'tool_call' }>> = {},
): Event => ({
  ...{ type: 'tool_call', index, arguments: args },
  ...more,
})
export const proof = (kind: 'signature' | 'redacted', on: 'reasoning' | null, data = 'Er8B'): Event => ({
  ...{ type: 'state', on, state: { protocol: 'anthropic-messages', kind, data } },
})
