import { expect, test } from 'vitest'
import { loadYamlFormat } from '../../../src/cli/settings/yaml.ts'

const format = await loadYamlFormat()

test('comments and other keys stay', () => {
  expect(format.set('# mine\nmodel: x # why\n', ['openai-api-base'], 'http://a')).toBe(
    '# mine\nmodel: x # why\nopenai-api-base: http://a\n',
  )
  expect(format.remove('# mine\nmodel: x # why\nopenai-api-base: http://a\n', ['openai-api-base'])).toBe(
    '# mine\nmodel: x # why\n',
  )
})

test('values are read, and an empty file has none', () => {
  expect(format.get('set-env: [A=1]\n', ['set-env'])).toEqual(['A=1'])
  expect(format.get('', ['set-env'])).toBeUndefined()
  expect(format.set('', ['set-env'], ['A=1'])).toBe('set-env:\n  - A=1\n')
})

test('bad YAML is refused', () => {
  expect(() => format.set('a: [1', ['b'], 1)).toThrow(/YAML/)
})
