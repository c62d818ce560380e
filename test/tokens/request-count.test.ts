import { describe, expect, it } from 'vitest'
import { countRequest } from '../../src/tokens/request-count.ts'

const asked = (body: unknown, more: object = {}) =>
  countRequest(
    {
      ...{ protocol: 'openai-chat', model: 'gpt-4o', stream: false, counts: false },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      ...more,
    },
    (text) => text.split(' ').length,
  )

describe('a request as it went over the wire', () => {
  it('is counted by its messages and what frames them', () => {
    // Four words; three tokens for the message and three for the answer's beginning.
    expect(asked({ model: 'm', messages: [{ role: 'user', content: 'one two three four' }] })).toEqual({
      tokens: 10,
      estimatedParts: 0,
      toolErrors: 0,
      view: { sureTokens: 4, frameTokens: 153, foreignShare: 0, wantsThoughts: false },
    })
  })

  it('tells of tools that failed, in its last turn only', () => {
    const use = (id: string) => ({
      role: 'assistant',
      content: [{ type: 'tool_use', id, name: 'Bash', input: {} }],
    })
    const result = (id: string, is_error: boolean) => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: 'x', is_error }],
    })
    const messages = [
      { role: 'user', content: 'go' },
      use('a'),
      result('a', true),
      use('b'),
      result('b', true),
    ]
    const found = asked({ model: 'm', max_tokens: 9, messages }, { protocol: 'anthropic-messages' })
    expect(found?.toolErrors).toBe(1)
  })

  it.each(['{', '[]', '{"messages":7}'])('%s cannot be counted, and throws nothing', (body) => {
    expect(asked(body)).toBeNull()
  })
})
