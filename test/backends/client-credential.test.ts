import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientCredential } from '../../src/backends/client-credential.ts'
import type { HeaderPairs } from '../../src/core/http.ts'

const found = (
  headers: HeaderPairs,
  url = '/v1/x',
  accessKeyHeader: string | null = null,
): [string, string] | null => {
  const credential = clientCredential(headers, url, accessKeyHeader)
  return credential && [credential.from, credential.value]
}

describe('clientCredential', () => {
  it.each([
    ['authorization', 'Bearer sk-1', 'sk-1'],
    ['authorization', 'bearer   sk-1  ', 'sk-1'],
    ['x-api-key', 'sk-ant-1', 'sk-ant-1'],
    ['x-goog-api-key', ' AIza1 ', 'AIza1'],
    ['api-key', 'abc', 'abc'],
  ] as const)('is found in %s: %s', (name, text, value) => {
    expect(found([[name, text]])).toEqual([name, value])
  })

  it('is found in the query, decoded', () => {
    expect(found([], '/v1beta/models?alt=sse&key=AIza%2D1')).toEqual(['query', 'AIza-1'])
    expect(found([], '/v1/x?api_key=k1')).toEqual(['query', 'k1'])
    expect(found([], '/v1/x?monkey=1')).toBeNull()
  })

  it.each(['Basic abc', 'Bearer', 'Bearer ', '', 'sk-1'])('is not authorization: %j', (text) => {
    expect(found([['authorization', text]])).toBeNull()
  })

  it.each([
    'llmproxy',
    'LLMProxy',
    'dummy',
    'EMPTY',
    'none',
    'not-needed',
    'no_key_required',
    'xxx',
    'lm-studio',
    'lp_0123456789abcdef',
  ])('is none: %s', (value) => {
    expect(found([['authorization', `Bearer ${value}`]])).toBeNull()
    expect(found([['x-api-key', value]])).toBeNull()
    expect(found([], `/v1/x?key=${value}`)).toBeNull()
  })

  it('is never the access key, nor a copy of it', () => {
    const both: HeaderPairs = [
      ['authorization', 'Bearer my-access-key-1234'],
      ['x-api-key', 'my-access-key-1234'],
    ]
    expect(found(both, '/v1/x', 'authorization')).toBeNull()
    expect(found([...both, ['x-llmproxy-key', 'my-access-key-1234']], '/v1/x', 'x-llmproxy-key')).toBeNull()
    expect(found([], '/v1/x?key=my-access-key-1234', 'query')).toBeNull()
    expect(clientCredential(both, '/v1/x', null, (value) => value === 'my-access-key-1234')).toBeNull()
  })

  it("is the client's own beside the access key", () => {
    const headers: HeaderPairs = [
      ['authorization', 'Bearer my-access-key-1234'],
      ['x-api-key', 'sk-ant-1'],
    ]
    expect(found(headers, '/v1/x', 'authorization')).toEqual(['x-api-key', 'sk-ant-1'])
  })

  it('is, of several, the first that looks like a provider key', () => {
    const headers: HeaderPairs = [
      ['authorization', 'Bearer something'],
      ['x-api-key', 'sk-ant-1'],
    ]
    expect(found(headers)).toEqual(['x-api-key', 'sk-ant-1'])
    expect(found(headers.slice(0, 1))).toEqual(['authorization', 'something'])
  })

  it('is known by its SHA-256', () => {
    const hash = createHash('sha256').update('sk-1').digest('hex')
    expect(clientCredential([['authorization', 'Bearer sk-1']], '/', null)?.hash).toBe(hash)
  })

  it('survives every query', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        clientCredential([], `/v1/x?${query}`, null)
      }),
    )
  })
})
