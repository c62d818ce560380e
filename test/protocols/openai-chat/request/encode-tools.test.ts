import { describe, expect, test } from 'vitest'
import type { Call, Tool } from '../../../../src/core/call.ts'
import { encoded, lossesOf } from './a-call.ts'

const parameters = { type: 'object', properties: { a: { type: 'string' } } }
const f: Tool = { type: 'function', name: 'f', description: 'F', parameters, strict: true }
const sql: Tool = { type: 'custom', name: 'sql', description: null, format: { type: 'text' } }
const search: Tool = {
  ...{ type: 'server', kind: 'web_search', name: 'web_search', raw: { type: 'web_search_20250305' } },
  search: {
    ...{ allowedDomains: ['example.com'], blockedDomains: [], maxUses: null, contextSize: 'low' },
    userLocation: { city: 'Bern' },
  },
}
const groq = { backendType: 'groq', model: 'some-model' }

test('a function, strict where the provider knows that', () => {
  expect(encoded({ tools: [f] }).body.tools).toEqual([
    { type: 'function', function: { name: 'f', description: 'F', parameters, strict: true } },
  ])
  const result = encoded({ tools: [{ ...f, cache: { ttl: null } }] }, groq)
  expect(result.body.tools).toEqual([
    { type: 'function', function: { name: 'f', description: 'F', parameters } },
  ])
  expect(lossesOf(result)).toEqual(['cache_control', 'tool_strict'])
})

test('a function without parameters has an empty schema', () => {
  const bare: Tool = { type: 'function', name: 'f', description: null, parameters: null, strict: null }
  expect(encoded({ tools: [bare] }).body.tools).toEqual([
    { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
  ])
})

test('names beyond 64 characters are shortened, the same each time, and can be undone', () => {
  const name = `mcp__${'long_'.repeat(20)}tool`
  const result = encoded({ tools: [{ ...f, name }], toolChoice: { type: 'tool', name } })
  const [tool] = result.body.tools as { function: { name: string } }[]
  const short = tool?.function.name ?? ''
  expect(short).toMatch(/^mcp__long_[a-z_]{45}_[0-9a-f]{8}$/)
  expect(result.body.tool_choice).toEqual({ type: 'function', function: { name: short } })
  expect({ ...result.edits.toolNames }).toEqual({ [short]: name })
})

describe('a custom tool', () => {
  test('is native at OpenAI', () => {
    const result = encoded({ tools: [sql], toolChoice: { type: 'tool', name: 'sql' } })
    expect(result.body.tools).toEqual([{ type: 'custom', custom: { name: 'sql', format: { type: 'text' } } }])
    expect(result.body.tool_choice).toEqual({ type: 'custom', custom: { name: 'sql' } })
    expect(result.lost).toEqual([])
  })

  test('is a function with one string elsewhere, to be undone in the answer', () => {
    const result = encoded({ tools: [sql], toolChoice: { type: 'tool', name: 'sql' } }, groq)
    expect(result.body.tools).toMatchObject([
      {
        type: 'function',
        function: {
          name: 'sql',
          parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
        },
      },
    ])
    expect(result.body.tool_choice).toEqual({ type: 'function', function: { name: 'sql' } })
    expect(result.edits.wrappedTools).toEqual(['sql'])
    expect(lossesOf(result)).toEqual(['custom_tool'])
  })
})

describe('the choice', () => {
  const g: Tool = { ...f, name: 'g', strict: null }
  test.each(['auto', 'none', 'required'] as const)('%s', (type) => {
    expect(encoded({ tools: [f], toolChoice: { type } }).body.tool_choice).toBe(type)
  })

  test('among no tools is none', () => {
    expect(encoded({ toolChoice: { type: 'auto' } }).body).not.toHaveProperty('tool_choice')
  })

  test('among allowed tools is a list at OpenAI; elsewhere only those are offered', () => {
    const wishes: Partial<Call> = {
      tools: [{ ...f, strict: null }, g],
      toolChoice: { type: 'allowed', mode: 'required', names: ['g'] },
    }
    expect(encoded(wishes).body.tool_choice).toEqual({
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] },
    })
    const { body } = encoded(wishes, groq)
    expect(body.tools).toMatchObject([{ function: { name: 'g' } }])
    expect(body.tool_choice).toBe('required')
  })
})

describe('one tool at a time', () => {
  test.each([
    ['openai', 'gpt-5', { parallel_tool_calls: false }, []],
    ['mistral', 'some-model', { parallel_tool_calls: false }, []],
    // It calls one at a time anyway, and refuses to be told.
    ['openai', 'o4-mini', {}, []],
    ['deepseek', 'deepseek-chat', {}, ['parallel_tool_calls']],
  ])('%s, %s', (backendType, model, expected, losses) => {
    const result = encoded(
      { tools: [{ ...f, strict: null }], parallelToolCalls: false },
      { backendType, model },
    )
    const { parallel_tool_calls } = result.body
    expect(parallel_tool_calls === undefined ? {} : { parallel_tool_calls }).toEqual(expected)
    expect(lossesOf(result)).toEqual(losses)
  })

  test('is not spoken of without tools', () => {
    expect(encoded({ parallelToolCalls: false }).body).not.toHaveProperty('parallel_tool_calls')
  })
})

describe('a tool that the provider runs', () => {
  test('is left out and named beside others; alone or forced the answer would be another', () => {
    expect(lossesOf(encoded({ tools: [f, search] }))).toEqual(['server_tool'])
    expect(lossesOf(encoded({ tools: [search] }))).toEqual(['only_server_tools'])
    const forced = encoded({ tools: [f, search], toolChoice: { type: 'tool', name: 'web_search' } })
    expect(lossesOf(forced)).toEqual(['server_tool', 'forced_tool'])
  })

  test("is the search option of OpenAI's searching models", () => {
    const result = encoded(
      { tools: [search], toolChoice: { type: 'tool', name: 'web_search' } },
      { model: 'gpt-4o-search-preview' },
    )
    expect(result.body).toEqual({
      model: 'gpt-4o-search-preview',
      messages: [{ role: 'user', content: 'hi' }],
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: { city: 'Bern' } },
      },
      stream: false,
    })
    expect(lossesOf(result)).toEqual(['server_tool_options'])
  })
})
