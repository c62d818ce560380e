import { expect, test } from 'vitest'
import type { Call, OutputFormat, Tool } from '../../../../src/core/call.ts'
import { encoded, lostOf } from './a-call.ts'

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const form = (rest: Partial<Extract<OutputFormat, { type: 'json_schema' }>> = {}): Partial<Call> => ({
  output: { type: 'json_schema', name: 'place', description: null, schema, strict: true, ...rest },
})
const tool: Tool = { type: 'function', name: 'f', description: null, parameters: null, strict: null }
const older = 'claude-3-5-haiku-latest'

test('a schema is the format of the answer where the model has that', () => {
  const result = encoded(form())
  expect(result.body.output_config).toEqual({ format: { type: 'json_schema', schema } })
  expect(result.lost).toEqual([])
})

test('what the schema is for stands in it', () => {
  const { body } = encoded(form({ description: 'A place' }))
  expect(body.output_config).toMatchObject({ format: { schema: { description: 'A place' } } })
})

test('effort and format share their parameter', () => {
  const reasoning = { effort: 'low', budgetTokens: null, adaptive: true, visible: null } as const
  expect(encoded({ ...form(), reasoning }, 'claude-opus-4-8').body.output_config).toEqual({
    effort: 'low',
    format: { type: 'json_schema', schema },
  })
})

test('older models answer by a tool that they must call', () => {
  const result = encoded(form(), older)
  expect(result.body).toMatchObject({
    tools: [{ name: 'place', input_schema: schema }],
    tool_choice: { type: 'tool', name: 'place' },
  })
  expect(result.edits.answerTool).toBe('place')
  expect(lostOf(result)).toEqual(['json_schema'])
})

test('beside other tools any may be called; its name is no one else’s', () => {
  const result = encoded({ ...form({ name: 'f' }), tools: [tool], parallelToolCalls: false }, older)
  expect(result.body).toMatchObject({
    tools: [{ name: 'f' }, { name: 'f_' }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  })
  expect(result.edits.answerTool).toBe('f_')
})

test('where a tool must be called anyway the form of an answer is not yet asked for', () => {
  const result = encoded({ ...form(), tools: [tool], toolChoice: { type: 'required' } }, older)
  expect(result.body).toMatchObject({ tools: [{ name: 'f' }], tool_choice: { type: 'any' } })
  expect(result.edits.answerTool).toBeNull()
})

test('a schema of no object is asked for in words', () => {
  const list = { type: 'array', items: { type: 'string' } }
  const result = encoded(form({ schema: list }), older)
  expect(result.body).not.toHaveProperty('tools')
  expect(JSON.stringify(result.body.system)).toContain(JSON.stringify(JSON.stringify(list)).slice(1, -1))
})

test('JSON of any form is asked for in the system prompt, behind what stands there', () => {
  const result = encoded({
    output: { type: 'json' },
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ],
  })
  expect(result.body.system).toEqual([
    { type: 'text', text: 'Be brief.' },
    {
      type: 'text',
      text: 'Answer with one JSON object, with nothing before or after it, and no code fence around it.',
    },
  ])
  expect(lostOf(result)).toEqual(['json_mode'])
})
