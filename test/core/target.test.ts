import { expect, it } from 'vitest'
import { targetName } from '../../src/core/target.ts'

it('is the backend and the model, or the backend alone where the body goes untouched', () => {
  expect(targetName({ backend: { name: 'openai.eu' }, model: 'gpt-4o' })).toBe('openai.eu:gpt-4o')
  expect(targetName({ backend: { name: 'openai' }, model: null })).toBe('openai')
})
