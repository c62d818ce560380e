import { describe, expect, it, test } from 'vitest'
import type { Call, SearchOptions, Tool, ToolChoice } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { encoded, lossesOf } from './a-call.ts'

const fn = (name: string, more: Partial<Extract<Tool, { type: 'function' }>> = {}): Tool => ({
  ...{ type: 'function', name, description: null, parameters: null, strict: null },
  ...more,
})
const plain: SearchOptions = {
  ...{ allowedDomains: [], blockedDomains: [], maxUses: null, userLocation: null, contextSize: null },
}
const search: Tool = { type: 'server', kind: 'web_search', name: 'web_search', raw: {}, search: plain }
const maps: Tool = { type: 'server', kind: 'other', name: 'googleMaps', raw: { googleMaps: {} } }
const third = 'gemini-3-pro-preview'

function offer(
  wishes: Partial<Call>,
  model?: string,
): { tools: unknown; toolConfig: unknown; losses: string[] } {
  const request = encoded(wishes, model)
  return { tools: request.body.tools, toolConfig: request.body.toolConfig, losses: lossesOf(request) }
}

/** All that Gemini's older `parameters` choke on (CLIProxyAPI#97, 9router#3018, freellmapi#97 and others). */
const nasty: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'x',
  type: 'object',
  properties: {
    kind: { const: 'a' },
    either: { type: ['string', 'null'] },
    tags: { type: 'array', items: { $ref: '#/$defs/tag' }, uniqueItems: true },
    one: { oneOf: [{ type: 'string' }, { type: 'integer', exclusiveMinimum: 0, multipleOf: 2 }] },
    map: { type: 'object', propertyNames: { pattern: '^a' }, patternProperties: { '^b': { not: {} } } },
  },
  $defs: { tag: { type: 'string', enum: ['x'], default: 'x' } },
  additionalProperties: false,
  required: ['kind'],
  if: { properties: {} },
}

test('a schema goes as it is, whatever is in it', () => {
  const request = encoded({ tools: [fn('f', { description: 'd', parameters: nasty })] })
  expect(request.body.tools).toEqual([
    { functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: nasty }] },
  ])
  expect(request.lost).toEqual([])
})

test('a function without parameters has none', () => {
  expect(offer({ tools: [fn('f'), fn('g')] })).toEqual({
    tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }],
    ...{ toolConfig: undefined, losses: [] },
  })
})

test('strictness, cache marks and one call at a time are hints that have no place', () => {
  const tools = [fn('f', { strict: true, cache: { ttl: null } }), fn('g', { strict: false })]
  expect(offer({ tools, parallelToolCalls: false }).losses).toEqual([
    'parallel_tool_calls',
    'cache_control',
    'tool_strict',
  ])
  expect(offer({ tools: [fn('g', { strict: false })], parallelToolCalls: true }).losses).toEqual([])
  expect(offer({ parallelToolCalls: false }).losses).toEqual([])
})

test('a tool of free text is a function of one string', () => {
  const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }
  const request = encoded({ tools: [{ type: 'custom', name: 'patch', description: 'd', format: grammar }] })
  expect(request.body.tools).toMatchObject([
    {
      functionDeclarations: [
        {
          ...{ name: 'patch', description: 'd' },
          parametersJsonSchema: { properties: { input: { type: 'string' } }, required: ['input'] },
        },
      ],
    },
  ])
  expect(request.edits.wrappedTools).toEqual(['patch'])
  expect(lossesOf(request)).toEqual(['custom_tool'])
})

test('names that it does not take are changed, and found again', () => {
  const long = `mcp__${'x'.repeat(130)}`
  const request = encoded({ tools: [fn('a b'), fn(long), fn('a.b:c-d')] })
  const [{ functionDeclarations: declared }] = request.body.tools as [
    { functionDeclarations: { name: string }[] },
  ]
  const names = declared.map(({ name }) => name)
  for (const name of names) expect(name).toMatch(/^[a-zA-Z_][\w.:-]{0,127}$/)
  expect(names.map((name) => request.edits.toolNames[name] ?? name)).toEqual(['a b', long, 'a.b:c-d'])
  expect(names[2]).toBe('a.b:c-d')
})

describe('tools that the provider runs', () => {
  it.each<[Tool, JsonObject[], string[]]>([
    [search, [{ googleSearch: {} }], []],
    [
      { ...search, search: { ...plain, blockedDomains: ['a.com'] } },
      [{ googleSearch: { excludeDomains: ['a.com'] } }],
      [],
    ],
    [{ ...search, search: { ...plain, maxUses: 3 } }, [{ googleSearch: {} }], ['server_tool_options']],
    [
      { ...search, search: { ...plain, allowedDomains: ['b.com'] } },
      [{ googleSearch: {} }],
      ['server_tool_options'],
    ],
    [{ type: 'server', kind: 'web_fetch', name: 'web_fetch', raw: {} }, [{ urlContext: {} }], []],
    [
      { type: 'server', kind: 'code_execution', name: 'code_execution', raw: {} },
      [{ codeExecution: {} }],
      [],
    ],
  ])('%j', (tool, tools, losses) => {
    expect(offer({ tools: [tool] })).toEqual({ tools, toolConfig: undefined, losses })
  })

  it('are left out where it has no such tool, or refuses it beside functions', () => {
    const declared = [{ functionDeclarations: [{ name: 'f' }] }]
    expect(offer({ tools: [fn('f'), maps] })).toEqual({
      ...{ tools: declared, toolConfig: undefined, losses: ['server_tool'] },
    })
    expect(offer({ tools: [fn('f'), search] })).toEqual({
      ...{ tools: declared, toolConfig: undefined, losses: ['server_tool'] },
    })
    expect(offer({ tools: [maps] })).toEqual({
      ...{ tools: undefined, toolConfig: undefined, losses: ['only_server_tools'] },
    })
  })

  it('stand beside functions from Gemini 3 on, which wants to be told so', () => {
    const tools = [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }]
    const includeServerSideToolInvocations = true
    const asked = (toolChoice: ToolChoice | null) => offer({ tools: [fn('f'), search], toolChoice }, third)
    for (const free of [null, { type: 'auto' } as const]) {
      expect(asked(free)).toEqual({ tools, toolConfig: { includeServerSideToolInvocations }, losses: [] })
    }
    expect(asked({ type: 'required' }).toolConfig).toEqual({
      functionCallingConfig: { mode: 'ANY' },
      includeServerSideToolInvocations,
    })
    expect(asked({ type: 'none' })).toEqual({
      tools: [{ functionDeclarations: [{ name: 'f' }] }],
      toolConfig: { functionCallingConfig: { mode: 'NONE' } },
      losses: [],
    })
    expect(asked({ type: 'allowed', mode: 'auto', names: ['web_search'] }).toolConfig).toEqual({
      functionCallingConfig: { mode: 'NONE' },
      includeServerSideToolInvocations,
    })
  })

  it('cannot be forced', () => {
    const forced: ToolChoice[] = [{ type: 'tool', name: 'web_search' }, { type: 'required' }]
    for (const toolChoice of forced) {
      expect(offer({ tools: [search], toolChoice }, third)).toEqual({
        ...{ tools: [{ googleSearch: {} }], toolConfig: undefined, losses: ['forced_tool'] },
      })
    }
    expect(offer({ tools: [search], toolChoice: { type: 'auto' } }, third)).toEqual({
      ...{ tools: [{ googleSearch: {} }], toolConfig: undefined, losses: [] },
    })
    expect(offer({ tools: [search], toolChoice: { type: 'none' } }, third)).toEqual({
      ...{ tools: undefined, toolConfig: undefined, losses: [] },
    })
  })
})

test.each<[ToolChoice, JsonObject]>([
  [{ type: 'auto' }, { mode: 'AUTO' }],
  [{ type: 'none' }, { mode: 'NONE' }],
  [{ type: 'required' }, { mode: 'ANY' }],
  [
    { type: 'tool', name: 'f' },
    { mode: 'ANY', allowedFunctionNames: ['f'] },
  ],
  [
    { type: 'allowed', mode: 'required', names: ['g', 'f'] },
    { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
  ],
  [
    { type: 'allowed', mode: 'auto', names: ['f'] },
    { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
  ],
])('the choice %j', (toolChoice, functionCallingConfig) => {
  const { toolConfig, losses } = offer({ tools: [fn('f'), fn('g')], toolChoice })
  expect(toolConfig).toEqual({ functionCallingConfig })
  expect(losses).toEqual([])
})

test('a function that is not offered cannot be forced', () => {
  expect(offer({ tools: [fn('f')], toolChoice: { type: 'tool', name: 'x' } }).losses).toEqual(['forced_tool'])
  expect(offer({ toolChoice: { type: 'auto' } })).toEqual({
    tools: undefined,
    toolConfig: undefined,
    losses: [],
  })
})
