import { expect, test } from 'vitest'
import type { Call } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'

function decode(body: JsonObject): Call {
  return anthropicMessages.decodeRequest(
    { model: 'fast', messages: [], ...body },
    { model: '', stream: false },
  )
}

test('plain tools, strict ones, and those that are loaded later', () => {
  const schema = { type: 'object', properties: { path: { type: 'string' } } }
  const { tools, special } = decode({
    tools: [
      {
        name: 'Read',
        description: 'Reads a file',
        input_schema: schema,
        cache_control: { type: 'ephemeral', ttl: '5m' },
      },
      { type: 'custom', name: 'Write', input_schema: schema, strict: true, defer_loading: true },
      { name: 'Bare', input_examples: [{ path: '/tmp' }] },
    ],
  })
  expect(tools).toEqual([
    {
      type: 'function',
      name: 'Read',
      description: 'Reads a file',
      parameters: schema,
      strict: null,
      cache: { ttl: '5m' },
    },
    { type: 'function', name: 'Write', description: null, parameters: schema, strict: true },
    { type: 'function', name: 'Bare', description: null, parameters: null, strict: null },
  ])
  expect(special).toEqual([{ loss: 'other_parameters', param: 'tools.input_examples' }])
})

test('a web search with all its options', () => {
  const raw = {
    type: 'web_search_20250305',
    name: 'web_search',
    max_uses: 3,
    allowed_domains: ['example.com'],
    user_location: { type: 'approximate', city: 'Vienna', country: 'AT' },
  }
  expect(decode({ tools: [raw] }).tools).toEqual([
    {
      type: 'server',
      kind: 'web_search',
      name: 'web_search',
      raw,
      search: {
        allowedDomains: ['example.com'],
        blockedDomains: [],
        maxUses: 3,
        userLocation: { city: 'Vienna', country: 'AT' },
        contextSize: null,
      },
    },
  ])
})

test.each([
  ['web_fetch_20250910', 'web_fetch', 'web_fetch'],
  ['code_execution_20250825', 'code_execution', 'code_execution'],
  ['bash_20250124', 'bash', 'other'],
  ['text_editor_20250728', 'str_replace_based_edit_tool', 'other'],
  ['computer_20251124', 'computer', 'other'],
  ['tool_search_tool_bm25_20251119', 'tool_search_tool_bm25', 'other'],
])('%s is a tool of the kind that others may have', (type, name, kind) => {
  expect(decode({ tools: [{ type, name }] }).tools[0]).toMatchObject({ type: 'server', name, kind })
})

test('a toolset without a name goes by its type', () => {
  const raw = { type: 'mcp_toolset', mcp_server_name: 'm' }
  expect(decode({ tools: [raw] }).tools).toEqual([
    { type: 'server', kind: 'other', name: 'mcp_toolset', raw },
  ])
})

test.each<[JsonObject, Call['toolChoice'], boolean | null]>([
  [{ type: 'auto' }, { type: 'auto' }, null],
  [{ type: 'auto', disable_parallel_tool_use: false }, { type: 'auto' }, true],
  [{ type: 'any', disable_parallel_tool_use: true }, { type: 'required' }, false],
  [{ type: 'tool', name: 'f' }, { type: 'tool', name: 'f' }, null],
  [{ type: 'none' }, { type: 'none' }, null],
])('the choice %j', (tool_choice, toolChoice, parallelToolCalls) => {
  expect(decode({ tool_choice })).toMatchObject({ toolChoice, parallelToolCalls })
})
