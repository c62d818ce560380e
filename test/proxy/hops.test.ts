import { expect, it } from 'vitest'
import { newHopId, nextHop } from '../../src/proxy/hops.ts'
import { aBackend } from '../support/a-backend.ts'

const elsewhere = aBackend('other', { apiUrl: 'https://proxy.example/v1', atPresetHost: false })

it('passes on the ids that came, cleaned, and its own', () => {
  expect(nextHop([], 'me', elsewhere)).toBe('me')
  expect(
    nextHop(
      [
        ['x-llmproxy-hop', 'a, b'],
        ['x-llmproxy-hop', 'c\r\nx: y,d'],
      ],
      'me',
      elsewhere,
    ),
  ).toBe('a,b,d,me')
})

it('tells a provider at its own host nothing', () => {
  const provider = aBackend('openai', { apiUrl: 'https://api.openai.com/v1', atPresetHost: true })
  expect(nextHop([], 'me', provider)).toBeNull()
})

it('has an id of its own in each process', () => {
  expect(newHopId()).not.toBe(newHopId())
})
