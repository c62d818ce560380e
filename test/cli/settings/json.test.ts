import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonFormat } from '../../../src/cli/settings/json.ts'

const keys = fc.string({ minLength: 1 }).filter((key) => !['__proto__', 'a', 'b'].includes(key))
const owners = fc.dictionary(
  keys,
  fc.jsonValue().filter((value) => !Object.is(value, -0)),
)

test('a value is added and everything else stays', () => {
  fc.assert(
    fc.property(owners, fc.string(), (owner, value) => {
      const text = jsonFormat.set(JSON.stringify(owner), ['a', 'b'], value)
      expect(JSON.parse(text)).toEqual({ ...JSON.parse(JSON.stringify(owner)), a: { b: value } })
    }),
  )
})

test('what was added can be removed again, with the objects made for it', () => {
  fc.assert(
    fc.property(owners, (owner) => {
      const text = jsonFormat.remove(jsonFormat.set(JSON.stringify(owner), ['a', 'b'], 1), ['a', 'b'])
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(owner)))
    }),
  )
})

test('the indentation and the final newline are the file’s own', () => {
  expect(jsonFormat.set('{\n\t"x": 1\n}', ['y'], 2)).toBe('{\n\t"x": 1,\n\t"y": 2\n}')
  expect(jsonFormat.set('{\n    "x": 1\n}\n', ['y'], 2)).toBe('{\n    "x": 1,\n    "y": 2\n}\n')
  expect(jsonFormat.set('', ['y'], 2)).toBe('{\n  "y": 2\n}\n')
})

test('neighbours of a removed value stay', () => {
  expect(JSON.parse(jsonFormat.remove('{"env":{"A":"1","B":"2"}}', ['env', 'A']))).toEqual({
    env: { B: '2' },
  })
})

test.each(['{ // mine\n}', '[1]', '"text"', '{'])('%j is refused: it could not be written back', (text) => {
  expect(() => jsonFormat.set(text, ['a'], 1)).toThrow(/JSON/)
})
