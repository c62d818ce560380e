import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json.ts'
import { jsonSchemaOf } from '../../../../src/protocols/gemini/request/openapi-schema.ts'

test.each<[string, JsonObject, JsonObject]>([
  [
    'types in capitals, all the way down',
    {
      type: 'OBJECT',
      properties: { list: { type: 'ARRAY', items: { type: 'INTEGER', format: 'int32' }, minItems: '1' } },
      additionalProperties: { type: 'STRING' },
    },
    {
      type: 'object',
      additionalProperties: { type: 'string' },
      properties: { list: { type: 'array', items: { type: 'integer', format: 'int32' }, minItems: 1 } },
    },
  ],
  [
    'names of properties that are words of the schema',
    { type: 'OBJECT', properties: { type: { type: 'STRING' }, nullable: { type: 'STRING' }, min_items: {} } },
    { type: 'object', properties: { type: { type: 'string' }, nullable: { type: 'string' }, min_items: {} } },
  ],
  ['what may be null', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
  [
    'a list of words, one of them null',
    { type: 'STRING', format: 'enum', enum: ['a', 'b'], nullable: true },
    { type: ['string', 'null'], enum: ['a', 'b', null] },
  ],
  [
    'one of several, or null',
    { any_of: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
    { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
  ],
  [
    'JSON Schema, which it takes as well',
    { type: ['string', 'null'], $ref: '#/$defs/a', const: 'x', minLength: 2 },
    { type: ['string', 'null'], $ref: '#/$defs/a', const: 'x', minLength: 2 },
  ],
  ['a type that is not said', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
])('%s', (_what, schema, expected) => {
  expect(jsonSchemaOf(schema)).toEqual(expected)
})

test('the order of properties, which models answer in', () => {
  const properties = { c: { type: 'STRING' }, a: { type: 'STRING' }, b: { type: 'STRING' } }
  const schema = jsonSchemaOf({ type: 'OBJECT', properties, propertyOrdering: ['b', 'x', 'a'] })
  expect(JSON.stringify(schema)).toBe(
    '{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"},"c":{"type":"string"}}}',
  )
})
