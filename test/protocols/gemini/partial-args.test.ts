import { expect, test } from 'vitest'
import { PartialArgs } from '../../../src/protocols/gemini/partial-args.ts'

test.each([
  ['no path', { stringValue: 'x' }],
  ['a path from nowhere', { jsonPath: 'a.b', stringValue: 'x' }],
  ['the root', { jsonPath: '$', stringValue: 'x' }],
  ['a list at the root', { jsonPath: '$[0]', stringValue: 'x' }],
  ['a query', { jsonPath: '$..a', stringValue: 'x' }],
  ['a list index far beyond what was sent', { jsonPath: '$.a[999999]', numberValue: 1 }],
  ['a path of a thousand steps', { jsonPath: `$${'.a'.repeat(1000)}`, numberValue: 1 }],
  ['no object', 'text'],
])('refuses %s', (_what, piece) => {
  const args = new PartialArgs()
  expect(args.add(piece)).toBe(false)
})

test('refuses an index into an object and a key into a list', () => {
  const args = new PartialArgs()
  args.add({ jsonPath: '$.list[0]', numberValue: 1 })
  expect(args.add({ jsonPath: '$.list.key', numberValue: 1 })).toBe(false)
  args.add({ jsonPath: '$.object.key', numberValue: 1 })
  expect(args.add({ jsonPath: '$.object[0]', numberValue: 1 })).toBe(false)
  expect(args.json).toBe('{"list":[1],"object":{"key":1}}')
})

test('a key named __proto__ is a key', () => {
  const args = new PartialArgs()
  expect(args.add({ jsonPath: '$.__proto__.polluted', boolValue: true })).toBe(true)
  expect(args.json).toBe('{"__proto__":{"polluted":true}}')
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('a string that does not go on is replaced, not continued', () => {
  const args = new PartialArgs()
  args.add({ jsonPath: '$.a', stringValue: 'one' })
  args.add({ jsonPath: '$.a', stringValue: 'two' })
  expect(args.json).toBe('{"a":"two"}')
})
