import { expect, it } from 'vitest'
import { mayPassUntouched } from '../../src/proxy/untouched-paths.ts'
import { aBackend } from '../support/a-backend.ts'

it.each([
  ['POST', '/v1/completions', true],
  ['POST', '/v1/embeddings', true],
  ['POST', '/v1/embeddings/', true],
  ['POST', '/embeddings', true],
  ['POST', '/v1beta/embeddings', true],
  ['POST', '/v1/moderations', true],
  ['POST', '/v1/rerank', true],
  ['POST', '/v1/images/generations', true],
  ['POST', '/v1/audio/speech', true],
  ['GET', '/v1/models', true],
  ['POST', '/v1/models', false],
  ['GET', '/v1/embeddings', false],
  ['GET', '/v1/images/x', false],
  ['POST', '/v1/images', false],
  ['GET', '/v1/files', false],
  ['POST', '/v1/embeddings/x', false],
])('%s %s may be asked with a key of ours: %s', (method, path, allowed) => {
  expect(mayPassUntouched(method, path, aBackend('openai'), true)).toBe(allowed)
})

it.each([
  ['files', '/v1/files', true],
  ['/v1/files', '/v1/files', true],
  ['batches/*', '/v1/batches/b_1', true],
  ['batches/*', '/v1/batches', false],
])('with passthrough %s, an admin may ask for %s: %s, and a user never', (pattern, path, allowed) => {
  const backend = aBackend('openai', { passthrough: [pattern] })
  expect(mayPassUntouched('GET', path, backend, true)).toBe(allowed)
  expect(mayPassUntouched('GET', path, backend, false)).toBe(false)
})
