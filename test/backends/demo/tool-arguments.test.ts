import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolArguments } from '../../../src/backends/demo/tool-arguments.ts'

test.each([
  ['no schema', null, {}],
  ['no required properties', { type: 'object', properties: { a: { type: 'string' } } }, {}],
  [
    'one of each type',
    {
      type: 'object',
      properties: {
        s: { type: 'string' },
        n: { type: 'number' },
        i: { type: 'integer', minimum: 5 },
        b: { type: 'boolean' },
        l: { type: 'array', items: { type: 'string' } },
        z: { type: 'null' },
        e: { enum: ['x', 'y'] },
        c: { const: 7 },
        d: { type: 'string', default: 'given' },
        o: { type: 'object', properties: { in: { type: 'string' } }, required: ['in'] },
        u: { type: ['null', 'integer'] },
        a: { anyOf: [{ type: 'boolean' }, { type: 'string' }] },
      },
      required: ['s', 'n', 'i', 'b', 'l', 'z', 'e', 'c', 'd', 'o', 'u', 'a', 'undeclared'],
    },
    {
      s: 'demo s',
      n: 1,
      i: 5,
      b: true,
      l: ['demo l'],
      z: null,
      e: 'x',
      c: 7,
      d: 'given',
      o: { in: 'demo in' },
      u: 1,
      a: true,
      undeclared: 'demo undeclared',
    },
  ],
])('fits a schema with %s', (_name, schema, expected) => {
  expect(toolArguments(schema)).toEqual(expected)
})

test('never fails on a schema, whatever it holds, and never touches a prototype', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('type', 'properties', 'required', 'items', 'enum', '__proto__'),
        fc.jsonValue(),
      ),
      (schema) => {
        const found = toolArguments(JSON.parse(JSON.stringify(schema)))
        expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
      },
    ),
  )
  const nested = JSON.parse(
    '{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"boolean"}}}',
  )
  expect(JSON.stringify(toolArguments(nested))).toBe('{"__proto__":true}')
})
