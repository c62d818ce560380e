import { describe, expect, it } from 'vitest'
import { liveRequest, whyNotLive } from '../../../../src/capture/replay/live/live-request.ts'
import type { ProtocolName } from '../../../../src/core/protocol-name.ts'

const request = (body: unknown, path = '/v1/responses') => ({
  ...{ method: 'POST', path, headers: [] as [string, string][] },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

const sent = (
  protocol: ProtocolName,
  body: object,
  maxOutputTokens: number | null = null,
  model = 'gpt-4o',
) => JSON.parse(Buffer.from(liveRequest(request(body), { protocol, model, maxOutputTokens }).body).toString())

describe('a request to who bills it', () => {
  it('stores nothing and goes on behind nothing', () => {
    expect(sent('openai-responses', { input: 'a', store: true, background: true })).toEqual({
      input: 'a',
      store: false,
    })
    // What does not say no is stored.
    expect(sent('openai-responses', { input: 'a' })).toEqual({ input: 'a', store: false })
    expect(sent('openai-chat', { messages: [], store: true })).toEqual({ messages: [], store: false })
  })

  it('is the same bytes where nothing has to change', () => {
    const spaced = request('{ "messages": [] , "store":false}')
    expect(liveRequest(spaced, { protocol: 'openai-chat', model: null, maxOutputTokens: null })).toBe(spaced)
  })

  it.each([
    [
      'openai-chat',
      { max_tokens: 900, max_completion_tokens: 10 },
      'gpt-4o',
      { max_tokens: 50, max_completion_tokens: 10 },
    ],
    ['openai-chat', {}, 'gpt-4o', { max_tokens: 50 }],
    ['openai-chat', {}, 'gpt-5', { max_completion_tokens: 50 }],
    ['openai-responses', { store: false }, 'gpt-4o', { store: false, max_output_tokens: 50 }],
    ['anthropic-messages', { max_tokens: 40 }, 'claude', { max_tokens: 40 }],
    ['anthropic-messages', { max_tokens: 4000 }, 'claude', { max_tokens: 50 }],
    [
      'gemini',
      { generationConfig: { topK: 1 } },
      'gemini',
      { generationConfig: { topK: 1, maxOutputTokens: 50 } },
    ],
    ['gemini', {}, 'gemini', { generationConfig: { maxOutputTokens: 50 } }],
  ] as const)('%s %j gets no longer answer than wished', (protocol, body, model, expected) => {
    expect(sent(protocol, body, 50, model)).toEqual(expected)
  })

  it.each([
    [request({ input: 'a', previous_response_id: 'resp_1' }), 'previous_response_id'],
    [request({ input: 'a', conversation: 'conv_1' }), 'conversation'],
    [request('{"input'), 'no JSON'],
    [request({}, '/v1/messages/count_tokens'), 'no model'],
    [request({}, '/v1/embeddings'), 'no model'],
    [request({}, '/v1/models'), 'no model'],
  ])('that cannot be alone is not sent', (asked, why) => {
    expect(whyNotLive(asked)).toContain(why)
  })

  it.each([
    '/v1/chat/completions',
    '/x/v1/messages?beta=true',
    '/v1beta/models/g:streamGenerateContent?alt=sse',
  ])('%s is sent', (path) => expect(whyNotLive(request({}, path))).toBeNull())
})
