import { expect, test } from 'vitest'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'

const counting = anthropicMessages.tokenCounting

test('a counting request has what is counted, and nothing else', () => {
  const encoded = {
    model: 'a',
    max_tokens: 100,
    system: [{ type: 'text', text: 'S' }],
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ name: 'f' }],
    tool_choice: { type: 'auto' },
    thinking: { type: 'adaptive' },
    output_config: { effort: 'low' },
    temperature: 1,
    metadata: { user_id: 'u' },
    stream: false,
  }
  expect(counting?.bodyOf(encoded, 'claude-opus-4-8')).toEqual({
    model: 'claude-opus-4-8',
    system: [{ type: 'text', text: 'S' }],
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ name: 'f' }],
    tool_choice: { type: 'auto' },
    thinking: { type: 'adaptive' },
    output_config: { effort: 'low' },
  })
})

test('its route, its answer, and that of ours', () => {
  expect(counting?.path('m')).toBe('/v1/messages/count_tokens')
  expect(counting?.read({ input_tokens: 14 })).toBe(14)
  expect(counting?.read({ error: {} })).toBeUndefined()
  expect(counting?.encode(14)).toEqual({ input_tokens: 14 })
  const body = { model: 'm', messages: [] }
  expect(counting?.requestOf(body)).toBe(body)
})
