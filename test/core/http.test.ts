import { expect, it } from 'vitest'
import { headerPairs, headerValue, rawHeaderValue } from '../../src/core/http.ts'

it('pairs a raw header list in its order, names in lower case, repeated ones apart', () => {
  expect(headerPairs(['X-A', '1', Buffer.from('x-b'), Buffer.from([0xe9]), 'x-a', '2', 'odd'])).toEqual([
    ['x-a', '1'],
    ['x-b', 'é'],
    ['x-a', '2'],
  ])
})

it('gives the first value of a name', () => {
  expect(
    headerValue(
      [
        ['x-a', '1'],
        ['x-a', '2'],
      ],
      'x-a',
    ),
  ).toBe('1')
  expect(headerValue([], 'x-a')).toBeUndefined()
})

it('gives a header of a raw list as Node would, repeated ones together, whatever the case of its name', () => {
  const raw = ['Content-Encoding', 'gzip', 'content-encodin', 'x', 'content-encoding', 'br', 'X-Odd']
  expect(rawHeaderValue(raw, 'content-encoding')).toBe('gzip, br')
  expect(rawHeaderValue(raw, 'x-odd')).toBeUndefined()
  expect(rawHeaderValue([], 'content-encoding')).toBeUndefined()
})
