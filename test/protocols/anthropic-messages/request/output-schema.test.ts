import { expect, test } from 'vitest'
import {
  isOutputSchema,
  outputSchema,
} from '../../../../src/protocols/anthropic-messages/request/output-schema.ts'

const closed = {
  type: 'object',
  properties: {
    kind: { enum: ['a', 'b'] },
    when: { type: 'string', format: 'date', description: 'The day' },
    tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 1 },
  },
  required: ['kind'],
  additionalProperties: false,
  $defs: { tag: { type: 'string' } },
}

test('a schema that Anthropic takes stays as it is', () => {
  expect(outputSchema(closed)).toEqual(closed)
  expect(isOutputSchema(closed)).toBe(true)
})

test('objects are closed at every depth, alternatives have one name', () => {
  const open = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { a: { oneOf: [{ type: 'object', properties: {} }, { type: 'null' }] } },
  }
  expect(outputSchema(open)).toEqual({
    type: 'object',
    properties: {
      a: { anyOf: [{ type: 'object', properties: {}, additionalProperties: false }, { type: 'null' }] },
    },
    additionalProperties: false,
  })
  expect(isOutputSchema(open)).toBe(false)
})

test('what its grammar has not becomes words for the model', () => {
  const bounded = { type: 'integer', minimum: 1, maximum: 5, description: 'Stars' }
  expect(outputSchema(bounded)).toEqual({
    type: 'integer',
    description: 'Stars\n\n{minimum: 1, maximum: 5}',
  })
  expect(outputSchema({ type: 'string', format: 'binary', pattern: '^a' })).toEqual({
    type: 'string',
    description: '{format: "binary", pattern: "^a"}',
  })
})

test('a property may have the name of a keyword', () => {
  const odd = {
    type: 'object',
    properties: { minimum: { type: 'number' }, $schema: { type: 'string' } },
    additionalProperties: false,
  }
  expect(outputSchema(odd)).toEqual(odd)
})
