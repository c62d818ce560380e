import { describe, expect, it } from 'vitest'
import { requestUrl } from '../../src/backends/request-url.ts'

describe('requestUrl', () => {
  it.each([
    [
      'https://api.openai.com/v1',
      '/v1/chat/completions',
      '',
      'https://api.openai.com',
      '/v1/chat/completions',
    ],
    ['https://api.groq.com/openai/v1', '/v1/responses', '', 'https://api.groq.com', '/openai/v1/responses'],
    ['https://api.deepseek.com', '/v1/chat/completions', '', 'https://api.deepseek.com', '/chat/completions'],
    [
      'https://chatgpt.com/backend-api/codex',
      '/v1/responses',
      '',
      'https://chatgpt.com',
      '/backend-api/codex/responses',
    ],
    [
      'https://g.test/v1beta',
      '/v1beta/models/m:generateContent',
      'alt=sse',
      'https://g.test',
      '/v1beta/models/m:generateContent?alt=sse',
    ],
    [
      'https://g.test/v1beta',
      '/v1/models/m:countTokens',
      '',
      'https://g.test',
      '/v1beta/models/m:countTokens',
    ],
    [
      'https://api.anthropic.com/v1',
      '/v1/messages',
      '?beta=true',
      'https://api.anthropic.com',
      '/v1/messages?beta=true',
    ],
    ['http://127.0.0.1:8080/v1', '/embeddings', '', 'http://127.0.0.1:8080', '/v1/embeddings'],
    ['https://x.test/v1', '/v1/v1/x', '', 'https://x.test', '/v1/v1/x'],
    ['https://x.test/v1', '/v1alpha/x', '', 'https://x.test', '/v1/v1alpha/x'],
    ['https://x.test/v1', '/v1', '', 'https://x.test', '/v1'],
    ['https://x.test', '/v1', '', 'https://x.test', '/'],
  ])('%s with %s?%s is %s%s', (apiUrl, rest, query, origin, path) => {
    expect(requestUrl({ apiUrl }, rest, query)).toEqual({ origin, path })
  })

  it('takes keys out of the query, however they are written, and leaves every other byte', () => {
    const query = 'alt=sse&key=AIza1&a=%2F+%zz&api_key=2&%6bey=3&KEY=4&keys=5&&b'
    expect(requestUrl({ apiUrl: 'https://g.test/v1beta' }, '/v1beta/models', query).path).toBe(
      '/v1beta/models?alt=sse&a=%2F+%zz&keys=5&&b',
    )
    expect(requestUrl({ apiUrl: 'https://g.test/v1beta' }, '/v1beta/models', 'key=1').path).toBe(
      '/v1beta/models',
    )
  })

  it("keeps Azure's api-version over the client's", () => {
    const apiUrl = 'https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21'
    expect(requestUrl({ apiUrl }, '/v1/chat/completions', 'api-version=old&x=1').path).toBe(
      '/openai/deployments/d/chat/completions?api-version=2024-10-21&x=1',
    )
  })

  it('does not touch what is percent-encoded in the path', () => {
    expect(requestUrl({ apiUrl: 'https://x.test/v1' }, '/v1/files/a%20b%C3%A9;c', '').path).toBe(
      '/v1/files/a%20b%C3%A9;c',
    )
  })
})
