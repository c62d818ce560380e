import { describe, expect, it } from 'vitest'
import type { HeaderPairs } from '../../../src/core/http.ts'
import { matchFrontend, protocolOfPath } from '../../../src/server/frontends/match.ts'
import { aBackend } from '../../support/a-backend.ts'

const backends = new Map(['openai', 'openai.eu', 'anthropic', 'gemini'].map((name) => [name, aBackend(name)]))
const match = (method: string, url: string, headers: HeaderPairs = []) =>
  matchFrontend(method, url, headers, backends)

const anthropicVersion: HeaderPairs = [['anthropic-version', '2023-06-01']]

describe('a frontend’s route', () => {
  it.each([
    ['POST', '/v1/chat/completions', 'openai-chat', 'generate'],
    ['POST', '/v1/responses', 'openai-responses', 'generate'],
    ['POST', '/v1/messages', 'anthropic-messages', 'generate'],
    ['POST', '/v1/messages?beta=true', 'anthropic-messages', 'generate'],
    ['POST', '/v1/messages/count_tokens', 'anthropic-messages', 'count_tokens'],
    ['POST', '/v1beta/models/g:generateContent', 'gemini', 'generate'],
    ['POST', '/v1/models/g:countTokens?key=x', 'gemini', 'count_tokens'],
    ['POST', '/v1/embeddings', 'openai-chat', 'other'],
    ['GET', '/v1/responses/resp_1', 'openai-responses', 'other'],
    ['GET', '/v1/responses', 'openai-responses', 'other'],
    ['DELETE', '/v1/messages', 'anthropic-messages', 'other'],
    ['POST', '/v1/messages/batches', 'anthropic-messages', 'other'],
    ['POST', '/v1beta/models/g:embedContent', 'gemini', 'other'],
    ['POST', '/v1/__proto__', 'openai-chat', 'other'],
    ['POST', '/v1/constructor', 'openai-chat', 'other'],
  ])('%s %s is %s, %s', (method, url, protocol, kind) => {
    expect(match(method, url)).toMatchObject({ protocol, kind, pinned: null })
  })

  it('has the raw path and query', () => {
    expect(match('POST', '/v1/messages?a=%20&b')).toMatchObject({ path: '/v1/messages', query: '?a=%20&b' })
  })

  it('of no protocol’s own goes to the family that the client’s headers show', () => {
    expect(match('POST', '/v1/files', anthropicVersion).protocol).toBe('anthropic-messages')
    expect(match('POST', '/v1/files', [['x-goog-api-key', 'k']]).protocol).toBe('gemini')
  })

  it('may be an absolute URL', () => {
    expect(match('POST', 'http://localhost:8000/v1/messages')).toMatchObject({
      protocol: 'anthropic-messages',
      path: '/v1/messages',
    })
  })
})

describe('a pinned path', () => {
  it.each([
    ['/openai/v1/chat/completions', 'openai', '/v1/chat/completions', 'openai-chat'],
    ['/openai.eu/v1/chat/completions', 'openai.eu', '/v1/chat/completions', 'openai-chat'],
    ['/openai/chat/completions', 'openai', '/chat/completions', 'openai-chat'],
    ['/anthropic/v1/messages?x', 'anthropic', '/v1/messages', 'anthropic-messages'],
    ['/gemini/v1beta/models/g:generateContent', 'gemini', '/v1beta/models/g:generateContent', 'gemini'],
    ['/anthropic', 'anthropic', '/', 'anthropic-messages'],
    ['/anthropic/anything', 'anthropic', '/anything', 'anthropic-messages'],
  ])('%s is for %s', (url, name, path, protocol) => {
    const route = match('POST', url)
    expect(route).toMatchObject({ path, protocol })
    expect(route.pinned).toBe(backends.get(name))
  })

  it.each([
    ['/nobody/v1/messages', 'unknown_backend', 'backends here: openai, openai.eu'],
    ['/OPENAI/v1/messages', 'unknown_backend', 'did you mean openai?'],
    ['/constructor/v1', 'unknown_backend', 'no backend is called "constructor"'],
    ['/', 'unknown_route', '/BACKEND/v1/'],
    ['/v2/messages', 'unknown_route', '/BACKEND/v1/'],
    ['/v1messages', 'unknown_route', '/BACKEND/v1/'],
  ])('is none in %s, and the error says what would be one', (url, code, words) => {
    expect(() => match('POST', url)).toThrow(
      expect.objectContaining({ code, status: 404, message: expect.stringContaining(words) }),
    )
  })
})

describe('a request that no frontend takes', () => {
  it('with an upgrade is told so at once: Codex then falls back to HTTP', () => {
    expect(() => match('GET', '/v1/responses', [['upgrade', 'websocket']])).toThrow(
      expect.objectContaining({ code: 'upgrade_refused', status: 426 }),
    )
  })

  it.each([
    ['GET', '/v1beta/models/g:generateContent'],
    ['HEAD', '/v1/messages'],
  ])('%s %s is told to use POST', (method, url) => {
    expect(() => match(method, url)).toThrow(expect.objectContaining({ code: 'method_refused', status: 405 }))
  })

  it('with a model that is not valid percent-encoding is a bad path', () => {
    expect(() => match('POST', '/v1beta/models/%zz:generateContent')).toThrow(
      expect.objectContaining({ code: 'bad_path' }),
    )
  })
})

it.each<[string, HeaderPairs, string]>([
  ['/v1/messages', [], 'anthropic-messages'],
  ['/x/v1/messages/count_tokens?y', [], 'anthropic-messages'],
  ['/v1/anything', anthropicVersion, 'anthropic-messages'],
  ['/v1beta/anything', [], 'gemini'],
  ['/v1/models/g:countTokens', [], 'gemini'],
  ['/v1/models/g:batchEmbedContents', [], 'gemini'],
  ['/v1/models/g', [['x-goog-api-key', 'k']], 'gemini'],
  ['/v1/models/ft:gpt-4o:acme::abc', [], 'openai-chat'],
  ['/v1/models/openai.eu:gpt-4o', [], 'openai-chat'],
  ['/v1/responses', [], 'openai-responses'],
  ['/v1/chat/completions?q=:/messages', [], 'openai-chat'],
  ['/nonsense', [], 'openai-chat'],
  ['/v1/usage/stats?x', anthropicVersion, 'openai-chat'],
  ['/internal/health', [['x-goog-api-key', 'k']], 'openai-chat'],
  ['/', anthropicVersion, 'openai-chat'],
  ['/v1/usages', anthropicVersion, 'anthropic-messages'],
])('an error for %s with %j is told in %s', (url, headers, protocol) => {
  expect(protocolOfPath(url, headers)).toBe(protocol)
})

it('sees what a path is in time linear in its length, whatever it repeats', () => {
  const long = (repeats: number) => `/v1${'/models'.repeat(repeats)}/`
  const tookMs = (url: string) => {
    const startedMs = performance.now()
    for (let i = 0; i < 20; i++) protocolOfPath(url, [])
    return performance.now() - startedMs
  }
  tookMs(long(100))
  // Quadratic, it would take 64 times as long as an eighth of it, and seconds.
  expect(tookMs(long(8000))).toBeLessThan(40 * Math.max(1, tookMs(long(1000))))
})

it.each(['/v1/usage/stats', '/v1/replacement/metrics', '/v1/capabilities'])(
  '%s is never a provider’s',
  (url) => {
    expect(() => match('GET', url)).toThrow(/no route GET/)
    expect(match('GET', `/openai${url}`)).toMatchObject({ kind: 'other' })
  },
)

it('says how a provider that is known but not configured gets its path', () => {
  expect(() => match('POST', '/groq/v1/chat/completions')).toThrow(
    /GROQ_API_KEY, or write backends: \{groq: \{\}\}/,
  )
  expect(() => match('POST', '/opnai/v1/chat/completions')).toThrow(/did you mean openai\?/)
})
