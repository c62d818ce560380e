import { expect, it } from 'vitest'
import { acceptsEncoding } from '../../../src/proxy/answer/accept-encoding.ts'

// RFC 9110 §12.5.3
it.each([
  [undefined, 'gzip', false],
  ['', 'gzip', false],
  ['gzip, deflate', 'gzip', true],
  ['gzip, deflate', 'br', false],
  ['GZIP', 'gzip', true],
  ['gzip;q=0', 'gzip', false],
  ['gzip; q=0.000 ', 'gzip', false],
  ['gzip;q=0.001', 'gzip', true],
  ['gzip;q=1', 'gzip', true],
  ['*', 'br', true],
  ['*;q=0', 'br', false],
  ['*, br;q=0', 'br', false],
  ['*;q=0, br', 'br', true],
  ['identity', 'gzip', false],
  ['x-gzip', 'gzip', false],
])('a client that sent %j takes %s: %s', (header, encoding, taken) => {
  expect(acceptsEncoding(header, encoding)).toBe(taken)
})
