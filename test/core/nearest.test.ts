import { expect, it } from 'vitest'
import { nearest } from '../../src/core/nearest.ts'

it.each([
  ['opneai', ['anthropic', 'openai', 'openrouter'], 'openai'],
  ['OPENAI', ['openai'], 'openai'],
  ['prot', ['port', 'host'], 'port'],
  ['max_bodymb', ['max_body_mb', 'max_bodies_mb'], 'max_body_mb'],
  ['xyz', ['openai', 'anthropic'], undefined],
  ['x', [], undefined],
  [`${'x'.repeat(64)}y`, [`${'x'.repeat(64)}z`], undefined],
])('%s was most likely meant to be, of %j: %s', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant)
})
