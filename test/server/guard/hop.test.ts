import { expect, it } from 'vitest'
import { checkHop } from '../../../src/server/guard/hop.ts'

const passed = (...ids: string[]) => [['x-llmproxy-hop', ids.join(', ')]] as const

it('lets a request in that has passed up to four other proxies', () => {
  expect(() => checkHop([], 'me')).not.toThrow()
  expect(() => checkHop(passed('a', 'b', 'c', 'd'), 'me')).not.toThrow()
})

it('refuses a request that has passed this proxy before, and says where to look', () => {
  expect(() => checkHop(passed('a', 'me'), 'me')).toThrow(/already passed this proxy.*api_url/)
})

it('refuses a chain of more than four', () => {
  expect(() => checkHop(passed('a', 'b', 'c', 'd', 'e'), 'me')).toThrow(/5 llmproxies/)
})
