import { expect, test } from 'vitest'
import type { Call, Tool } from '../../../../src/core/call.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { aCall, encoded, lostOf } from './a-call.ts'

const schema = { type: 'object', properties: { path: { type: 'string' } }, additionalProperties: false }
const fn = (name: string, rest: Partial<Extract<Tool, { type: 'function' }>> = {}): Tool => ({
  type: 'function',
  name,
  description: null,
  parameters: schema,
  strict: null,
  ...rest,
})

test('functions with and without parameters', () => {
  const tools = [fn('Read', { description: 'Reads' }), fn('now', { parameters: null })]
  const result = encoded({ tools })
  expect(result.body.tools).toEqual([
    { name: 'Read', description: 'Reads', input_schema: schema },
    { name: 'now', input_schema: { type: 'object', properties: {} } },
  ])
  expect(result.edits).toEqual({ toolNames: {}, wrappedTools: [], answerTool: null })
})

test('names that do not fit are shortened, and lead back', () => {
  const result = encoded({
    tools: [fn('mcp.files/read')],
    toolChoice: { type: 'tool', name: 'mcp.files/read' },
  })
  const [[short, long] = ['', '']] = Object.entries(result.edits.toolNames)
  expect(long).toBe('mcp.files/read')
  expect(result.body).toMatchObject({ tools: [{ name: short }], tool_choice: { type: 'tool', name: short } })
  expect(short).toMatch(/^[a-zA-Z0-9_-]{1,128}$/)
})

test.each<[string, Tool, boolean]>([
  ['claude-sonnet-4-5', fn('f', { strict: true }), true],
  ['claude-sonnet-4-5', fn('f', { strict: true, parameters: { type: 'object' } }), false],
  [
    'claude-sonnet-4-5',
    fn('f', { strict: true, parameters: { ...schema, properties: { n: { type: 'number', minimum: 1 } } } }),
    false,
  ],
  ['claude-3-5-haiku-latest', fn('f', { strict: true }), false],
])('%s: a strict tool stays strict where the model takes its schema', (model, tool, strict) => {
  const result = encoded({ tools: [tool] }, model)
  expect((result.body.tools as { strict?: boolean }[])[0]?.strict).toBe(strict ? true : undefined)
  expect(lostOf(result)).toEqual(strict ? [] : ['tool_strict'])
})

test('a tool that takes free text is a function with one string, its grammar in words', () => {
  const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' }
  const result = encoded({ tools: [{ type: 'custom', name: 'apply_patch', description: 'Patches', format }] })
  expect(result.body.tools).toMatchObject([
    {
      name: 'apply_patch',
      description: 'Patches\n\nThe input follows this lark grammar:\nstart: "x"',
      input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
    },
  ])
  expect(result.edits.wrappedTools).toEqual(['apply_patch'])
  expect(lostOf(result)).toEqual(['custom_tool'])
})

test.each<[Call['toolChoice'], boolean | null, unknown]>([
  [null, null, undefined],
  [null, true, undefined],
  [null, false, { type: 'auto', disable_parallel_tool_use: true }],
  [{ type: 'auto' }, null, { type: 'auto' }],
  [{ type: 'none' }, false, { type: 'none' }],
  [{ type: 'required' }, false, { type: 'any', disable_parallel_tool_use: true }],
  [{ type: 'tool', name: 'a' }, null, { type: 'tool', name: 'a' }],
])('the choice %j with parallel calls %j', (toolChoice, parallelToolCalls, expected) => {
  const result = encoded({ tools: [fn('a')], toolChoice, parallelToolCalls })
  expect(result.body.tool_choice).toEqual(expected)
  expect(result.lost).toEqual([])
})

test('of tools of which only some are allowed only those are offered', () => {
  const toolChoice = { type: 'allowed', mode: 'required', names: ['b'] } as const
  const { body, lost } = encoded({ tools: [fn('a'), fn('b')], toolChoice: { ...toolChoice, names: ['b'] } })
  expect(body).toMatchObject({ tools: [{ name: 'b' }], tool_choice: { type: 'any' } })
  expect(lost).toEqual([])
})

test('without tools nothing is chosen', () => {
  expect(encoded({ toolChoice: { type: 'auto' }, parallelToolCalls: false }).body).not.toHaveProperty(
    'tool_choice',
  )
})

test('a model that cannot be forced to call says so', () => {
  const call = { tools: [fn('a')], toolChoice: { type: 'required' } } as const
  const result = encoded({ ...call, tools: [fn('a')] }, 'claude-opus-5-5')
  expect(result.body.tool_choice).toEqual({ type: 'auto' })
  expect(lostOf(result)).toEqual(['forced_tool'])
})

const search = (rest: Partial<Extract<Tool, { type: 'server' }>['search']> = {}): Tool => ({
  type: 'server',
  kind: 'web_search',
  name: 'web_search_preview',
  raw: { type: 'web_search_preview' },
  search: {
    allowedDomains: [],
    blockedDomains: [],
    maxUses: null,
    userLocation: null,
    contextSize: null,
    ...rest,
  },
})

test("tools that Anthropic runs too go by Anthropic's names", () => {
  const result = encoded({
    tools: [
      search({ maxUses: 2, blockedDomains: ['x.com'], userLocation: { country: 'AT' } }),
      { type: 'server', kind: 'web_fetch', name: 'url_context', raw: {} },
      { type: 'server', kind: 'code_execution', name: 'code_interpreter', raw: {} },
    ],
    toolChoice: { type: 'tool', name: 'web_search_preview' },
  })
  expect(result.body).toMatchObject({
    tools: [
      {
        type: 'web_search_20250305',
        name: 'web_search',
        max_uses: 2,
        blocked_domains: ['x.com'],
        user_location: { type: 'approximate', country: 'AT' },
      },
      { type: 'web_fetch_20250910', name: 'web_fetch' },
      { type: 'code_execution_20250825', name: 'code_execution' },
    ],
    tool_choice: { type: 'tool', name: 'web_search' },
  })
  expect(result.lost).toEqual([])
})

test('options of a search that Anthropic has not are named', () => {
  const both = search({ allowedDomains: ['a.com'], blockedDomains: ['b.com'] })
  expect(encoded({ tools: [both] }).body.tools).toEqual([
    { type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.com'] },
  ])
  expect(lostOf(encoded({ tools: [both] }))).toEqual(['server_tool_options'])
  expect(lostOf(encoded({ tools: [search({ contextSize: 'high' })] }))).toEqual(['server_tool_options'])
})

test('tools that nobody there runs: beside others they are dropped, alone they are the whole point', () => {
  const other: Tool = { type: 'server', kind: 'other', name: 'computer', raw: {} }
  expect(lostOf(encoded({ tools: [other, fn('a')] }))).toEqual(['server_tool'])
  expect(lostOf(encoded({ tools: [other] }))).toEqual(['only_server_tools'])
  const target = { backendType: 'vllm', model: 'qwen3', askForUsage: false }
  const atVllm = anthropicMessages.encodeRequest(aCall({ tools: [search()] }), target)
  expect(lostOf(atVllm)).toEqual(['only_server_tools'])
})

test("a tool of the client's with the name of Anthropic's own is the one that stays", () => {
  const result = encoded({ tools: [fn('web_search'), search()] })
  expect(result.body.tools).toEqual([{ name: 'web_search', input_schema: schema }])
  expect(lostOf(result)).toEqual(['server_tool'])
})
