import { expect, it } from 'vitest'
import { arrayAt, isObject, numberAt, objectAt, stringAt } from '../../src/core/json.ts'

it.each([
  [{}, true],
  [[], false],
  [null, false],
  ['x', false],
])('%j is an object: %s', (value, object) => {
  expect(isObject(value)).toBe(object)
})

it('gives a value of its own only where it has the type', () => {
  const value = { s: 'x', n: 1, a: [1], o: { b: 2 }, nothing: null }
  expect([stringAt(value, 's'), stringAt(value, 'n')]).toEqual(['x', undefined])
  expect([numberAt(value, 'n'), numberAt(value, 's')]).toEqual([1, undefined])
  expect([arrayAt(value, 'a'), arrayAt(value, 'o')]).toEqual([[1], undefined])
  expect([objectAt(value, 'o'), objectAt(value, 'a'), objectAt(value, 'nothing')]).toEqual([
    { b: 2 },
    undefined,
    undefined,
  ])
})

it('sees nothing of a prototype and nothing in what is no object', () => {
  expect(objectAt({}, '__proto__')).toBeUndefined()
  expect(stringAt(JSON.parse('{"__proto__":"own"}'), '__proto__')).toBe('own')
  expect(stringAt('text', 'length')).toBeUndefined()
  expect(numberAt([1], '0')).toBeUndefined()
})

it('counts no number that is not finite', () => {
  expect(numberAt({ n: Number.POSITIVE_INFINITY }, 'n')).toBeUndefined()
})
