import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/backends/credentials.ts'
import { type RequestHeadersInput, requestHeaders } from '../../src/backends/request-headers.ts'
import type { HeaderPairs } from '../../src/core/http.ts'
import { backendFor } from './backend-for.ts'

const ours: Credential = {
  kind: 'proxy',
  value: 'sk-ours',
  header: { name: 'authorization', prefix: 'Bearer ' },
}
const theirs: Credential = { ...ours, kind: 'client', value: 'sk-theirs', hash: '00' }

function sent(client: HeaderPairs, more: Partial<RequestHeadersInput> = {}): [string, string][] {
  const flat = requestHeaders({
    client,
    backend: backendFor('openai'),
    credential: ours,
    acceptEncoding: 'gzip, br',
    contentLength: 3,
    hop: null,
    ...more,
  })
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []))
}
const own: [string, string][] = [
  ['authorization', 'Bearer sk-ours'],
  ['accept-encoding', 'gzip, br'],
  ['content-length', '3'],
]

const passes: [string, string][] = [
  ['accept', 'application/json'],
  ['content-type', 'application/json'],
  ['user-agent', 'claude-cli/2.1.197 (external, sdk-cli)'],
  ['x-stainless-lang', 'js'],
  ['anthropic-version', '2026-10-21'],
  ['anthropic-beta', 'claude-code-20250219'],
  ['anthropic-beta', 'interleaved-thinking-2025-05-14'],
  ['openai-beta', 'assistants=v2'],
  ['idempotency-key', 'i'],
  ['x-client-request-id', 'c'],
  ['session-id', 's'],
  ['thread-id', 't'],
  ['originator', 'codex_exec'],
  ['x-codex-turn-metadata', '{}'],
  ['x-goog-api-client', 'google-genai-sdk/1.30.0'],
  ['traceparent', '00-1-2-01'],
  ['http-referer', 'https://app.test'],
  ['x-title', 'App'],
  ['x-new-header-of-tomorrow', 'ü'],
]
const stays: [string, string][] = [
  ['connection', 'keep-alive, X-Named'],
  ['x-named', '1'],
  ['keep-alive', 'timeout=5'],
  ['te', 'trailers'],
  ['trailer', 'x'],
  ['transfer-encoding', 'chunked'],
  ['upgrade', 'websocket'],
  ['proxy-authorization', 'Basic x'],
  ['proxy-connection', 'keep-alive'],
  ['host', '127.0.0.1:8000'],
  ['content-length', '999'],
  ['content-encoding', 'zstd'],
  ['expect', '100-continue'],
  ['accept-encoding', 'gzip, deflate, br, zstd'],
  ['accept-language', 'en'],
  ['cookie', 'a=b'],
  ['authorization', 'Bearer sk-planted'],
  ['x-api-key', 'sk-planted'],
  ['x-goog-api-key', 'sk-planted'],
  ['api-key', 'sk-planted'],
  ['anthropic-dangerous-direct-browser-access', 'true'],
  ['cf-connecting-ip', '1.2.3.4'],
  ['x-forwarded-for', '1.2.3.4'],
  ['x-forwarded-proto', 'https'],
  ['x-real-ip', '1.2.3.4'],
  ['forwarded', 'for=1.2.3.4'],
  ['via', '1.1 x'],
  ['sec-fetch-mode', 'cors'],
  ['sec-ch-ua', 'x'],
  ['origin', 'http://localhost'],
  ['referer', 'http://localhost/'],
  ['openai-organization', 'org-1'],
  ['openai-project', 'proj_1'],
  ['chatgpt-account-id', 'a'],
  ['x-llmproxy-key', 'lp_planted'],
  ['x-llmproxy-tags', 'a=b'],
  ['x-llmproxy-hop', 'abc'],
  ['x-disable-replacement', '1'],
  ['x-session-id', 's'],
]

describe('requestHeaders', () => {
  it("passes the client's headers in their order, then the credential and what is ours", () => {
    const mixed = stays.flatMap((pair, i) => (passes[i] ? [pair, passes[i]] : [pair]))
    expect(sent(mixed)).toEqual([...passes, ...own])
  })

  it.each(stays.slice(1))('never forwards %s', (name, value) => {
    expect(
      sent([
        ['connection', 'x-named'],
        [name, value],
      ]),
    ).toEqual(own)
  })

  it("passes account headers only with the client's own credential", () => {
    const account: [string, string][] = [
      ['openai-organization', 'org-1'],
      ['openai-project', 'proj_1'],
      ['chatgpt-account-id', 'a'],
    ]
    expect(sent(account, { credential: theirs }).slice(0, 4)).toEqual([
      ...account,
      ['authorization', 'Bearer sk-theirs'],
    ])
    expect(sent(account, { credential: { kind: 'none' } })).toEqual(own.slice(1))
  })

  it('sends the credential in the header that was chosen for it', () => {
    const credential: Credential = {
      kind: 'proxy',
      value: 'sk-ant-1',
      header: { name: 'x-api-key', prefix: '' },
    }
    expect(sent([], { credential })[0]).toEqual(['x-api-key', 'sk-ant-1'])
  })

  it('adds the default headers that the client did not send', () => {
    const backend = backendFor('anthropic')
    const version = (client: HeaderPairs): string[] =>
      sent(client, { backend }).flatMap(([name, value]) => (name === 'anthropic-version' ? [value] : []))
    expect(version([])).toEqual(['2023-06-01'])
    expect(version([['anthropic-version', '2026-10-21']])).toEqual(['2026-10-21'])
  })

  it('lets configured headers override everything of the same name, once', () => {
    const headers = {
      'User-Agent': 'team',
      'anthropic-version': '2024-01-01',
      Authorization: 'Bearer theirs',
    }
    const backend = backendFor('anthropic', { headers })
    expect(
      sent(
        [
          ['user-agent', 'a'],
          ['anthropic-version', 'b'],
        ],
        { backend },
      ),
    ).toEqual([
      ['user-agent', 'team'],
      ['anthropic-version', '2024-01-01'],
      ['authorization', 'Bearer theirs'],
      ...own.slice(1),
    ])
  })

  it('keeps the content-encoding of a body that goes on as it came, and sends no length that it does not know', () => {
    const headers = sent([['content-encoding', 'gzip']], { bodyAsReceived: true, contentLength: null })
    expect(headers).toEqual([['content-encoding', 'gzip'], ...own.slice(0, 2)])
  })

  it('sends the length of an empty body', () => {
    expect(sent([], { contentLength: 0 })).toContainEqual(['content-length', '0'])
  })

  it('tells the next proxy which it has passed', () => {
    expect(sent([['x-llmproxy-hop', 'old']], { hop: 'old,new' })).toContainEqual([
      'x-llmproxy-hop',
      'old,new',
    ])
  })
})
