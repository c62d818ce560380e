import { describe, expect, it } from 'vitest'
import { countRequest } from '../../src/tokens/request-count.ts'

/** What a provider's count can be held against, a word being a token. */
function viewOf(body: object, protocol = 'openai-chat') {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', ...body }))
  const request = { protocol, model: 'm', stream: false, counts: false, body: bytes } as const
  const counted = countRequest(
    request as Parameters<typeof countRequest>[0],
    (text) => text.split(' ').length,
  )
  return counted?.view
}

const hello = { role: 'user', content: 'one two three' }
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } }

describe('what of a request its provider and we see alike', () => {
  it('is its words, without tools and without thoughts', () => {
    const thinking = { role: 'assistant', content: '<think>four five</think> six' }
    expect(viewOf({ messages: [hello, thinking], tools: [tool] })?.sureTokens).toBe(3)
  })

  it('leaves room for frames: more for tools, and for calls with their results', () => {
    const room = (body: object) => viewOf(body)?.frameTokens ?? 0
    const plain = room({ messages: [hello] })
    expect(room({ messages: [hello], tools: [tool] })).toBe(plain + 630)
    const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }
    const called = [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
    ]
    expect(room({ messages: [hello, ...called] })).toBe(plain + 65 + 6)
  })

  it.each([
    ['English', 'Hello there', 0, 0.001],
    ['French', 'Où était-il déjà passé, à l’époque ?', 0.1, 0.4],
    ['Chinese', '你好世界', 1.9, 2],
  ])('tells %s by its bytes', (_language, content, least, most) => {
    const share = viewOf({ messages: [{ role: 'user', content }] })?.foreignShare
    expect(share).toBeGreaterThanOrEqual(least)
    expect(share).toBeLessThanOrEqual(most)
  })

  it.each([
    ['low', true],
    ['none', false],
  ])('says whether thoughts are asked for: effort %s', (effort, wants) => {
    expect(viewOf({ messages: [hello], reasoning_effort: effort })?.wantsThoughts).toBe(wants)
  })

  it.each([
    ['an answer that the provider keeps', 'openai-responses', { input: 'Hi', previous_response_id: 'r_1' }],
    ['a conversation that it keeps', 'openai-responses', { input: 'Hi', conversation: 'c_1' }],
    ['tools that it runs', 'openai-responses', { input: 'Hi', tools: [{ type: 'web_search' }] }],
    ['a cached beginning', 'gemini', { contents: [{ parts: [{ text: 'Hi' }] }], cachedContent: 'c/1' }],
    [
      'a predicted answer',
      'openai-chat',
      { messages: [hello], prediction: { type: 'content', content: 'x' } },
    ],
    [
      'messages that it takes out itself',
      'anthropic-messages',
      {
        max_tokens: 9,
        messages: [hello],
        context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      },
    ],
  ])('is nothing where a request has %s', (_what, protocol, body) => {
    expect(viewOf(body, protocol)).toBeNull()
  })
})
