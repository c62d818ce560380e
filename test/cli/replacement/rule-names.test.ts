import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fittedNames } from '../../../src/cli/replacement/rule-names.ts'

it('cuts only what has no room, and the longer name first', () => {
  const pairs = [
    { from: 'opus', to: 'openrouter:anthropic/claude-sonnet-4-5' },
    { from: '*', to: 'a:b' },
  ]
  const shown = (room: number) => pairs.map(fittedNames(pairs, room))
  expect(shown(Number.POSITIVE_INFINITY)).toEqual(pairs)
  expect(shown(42)).toEqual(pairs)
  expect(shown(30)[0]).toEqual({ from: 'opus', to: 'openrouter:anthropic/clau…' })
})

it('two names together never take more than their room', () => {
  const name = fc.string({ maxLength: 80 })
  const pairs = fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(pairs, fc.integer({ min: 24, max: 200 }), (all, room) => {
      const shown = all.map(fittedNames(all, room))
      const widest = (of: 'from' | 'to') => Math.max(...shown.map((pair) => pair[of].length))
      expect(widest('from') + widest('to')).toBeLessThanOrEqual(room)
    }),
  )
})
