import { expect, it } from 'vitest'
import { newHopId, nextHops } from '../../../src/server/guard/hop.ts'

it('passes on the ids that came, cleaned, and its own', () => {
  expect(nextHops([], 'me')).toBe('me')
  expect(
    nextHops(
      [
        ['x-llmproxy-hop', 'a, b'],
        ['x-llmproxy-hop', 'c\r\nx: y,d'],
      ],
      'me',
    ),
  ).toBe('a,b,d,me')
})

it('has an id of its own in each process', () => {
  expect(newHopId()).not.toBe(newHopId())
})
