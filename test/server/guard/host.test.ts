import { expect, it } from 'vitest'
import { originForm } from '../../../src/server/guard/host.ts'

it.each([
  ['/v1/models?x=1', '/v1/models?x=1'],
  ['http://localhost:8000/v1/models?x=1', '/v1/models?x=1'],
  ['http://localhost', '/'],
  ['http://localhost?x=1', '/?x=1'],
])('takes path and query from %s', (rawUrl, expected) => {
  expect(originForm(rawUrl)).toBe(expected)
})
