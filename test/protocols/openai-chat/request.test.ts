import { expect, test } from 'vitest'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'

test('reads what must be known of a request', () => {
  const system = {
    role: 'system',
    content: [
      { type: 'text', text: 'You are' },
      { type: 'text', text: 'x'.repeat(300) },
    ],
  }
  const user = { role: 'user', content: 'hi' }
  const assistant = { role: 'assistant', tool_calls: [] }
  const facts = openAiChat.readRequest({
    model: 'gpt-4o',
    stream: true,
    stream_options: { include_usage: true },
    messages: [system, user, assistant, { role: 'tool', content: '1' }],
    user: 'u1',
    prompt_cache_key: 'k1',
    tools: [
      { type: 'function', function: { name: 'f' } },
      { type: 'custom', custom: { name: 'g' } },
      { type: 'web_search' },
    ],
    functions: [{ name: 'h' }],
  })
  expect(facts.conversation.map(({ answer }) => answer)).toEqual([false, false, true, false])
  expect(facts.conversation[0]?.item).toBe(system)
  expect(facts).toMatchObject({
    model: 'gpt-4o',
    stream: true,
    asksForUsage: true,
    userId: 'u1',
    promptCacheKey: 'k1',
  })
  expect(facts.toolNames).toEqual(['f', 'g', 'web_search', 'h'])
  expect(facts.systemStart).toBe(`You are\n${'x'.repeat(192)}`)
})

test.each([
  [{}, false],
  [{ stream_options: null }, false],
  [{ stream_options: { include_usage: false } }, false],
  [{ stream_options: { include_usage: 'true' } }, false],
  [{ stream_options: { include_usage: true } }, true],
])('%j asks for usage: %s', (body, expected) => {
  expect(openAiChat.readRequest(body).asksForUsage).toBe(expected)
})

test('tolerates any shape', () => {
  expect(openAiChat.readRequest({ model: 7, messages: 'hi', stream: 'yes', tools: {}, user: null })).toEqual({
    model: null,
    stream: false,
    asksForUsage: false,
    conversation: [],
    userId: null,
    promptCacheKey: null,
    toolNames: [],
    systemStart: '',
  })
})
