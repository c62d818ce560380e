import { describe, expect, it, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json.ts'
import { decoded } from './a-call.ts'

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = { type: 'function', name: 'f', description: 'Weather', parameters: schema, strict: null }

test.each<[string, Json]>([
  [
    'parametersJsonSchema',
    [{ functionDeclarations: [{ name: 'f', description: 'Weather', parametersJsonSchema: schema }] }],
  ],
  [
    'parameters of OpenAPI',
    [
      {
        function_declarations: [
          {
            ...{ name: 'f', description: 'Weather' },
            parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
          },
        ],
      },
    ],
  ],
  [
    'one where a list should be',
    { functionDeclarations: { name: 'f', description: 'Weather', parameters_json_schema: schema } },
  ],
])('a function by %s', (_form, tools) => {
  expect(decoded({ tools }).tools).toEqual([weather])
})

test('a function without parameters, and what only Gemini says of one', () => {
  const call = decoded({
    tools: [
      { functionDeclarations: [{ name: 'f', response: { type: 'OBJECT' }, behavior: 'NON_BLOCKING' }] },
    ],
  })
  expect(call.tools).toEqual([
    { type: 'function', name: 'f', description: null, parameters: null, strict: null },
  ])
  expect(call.special).toEqual([
    { loss: 'other_parameters', param: 'tools[0].functionDeclarations[0].response' },
    { loss: 'other_parameters', param: 'tools[0].functionDeclarations[0].behavior' },
  ])
})

describe("Google's own tools", () => {
  const search = {
    ...{ allowedDomains: [], blockedDomains: [], maxUses: null, userLocation: null, contextSize: null },
  }
  it.each<[JsonObject, JsonObject]>([
    [{ googleSearch: {} }, { kind: 'web_search', name: 'web_search', search }],
    [{ google_search: {} }, { kind: 'web_search', name: 'web_search', search }],
    [{ googleSearchRetrieval: {} }, { kind: 'web_search', name: 'web_search', search }],
    [
      { googleSearch: { excludeDomains: ['a.com'] } },
      { kind: 'web_search', name: 'web_search', search: { ...search, blockedDomains: ['a.com'] } },
    ],
    [{ urlContext: {} }, { kind: 'web_fetch', name: 'web_fetch' }],
    [{ code_execution: {} }, { kind: 'code_execution', name: 'code_execution' }],
    [{ fileSearch: { a: 1 } }, { kind: 'other', name: 'fileSearch' }],
    [{ googleMaps: {} }, { kind: 'other', name: 'googleMaps' }],
  ])('%j', (tool, expected) => {
    const [key = '', value] = Object.entries(tool)[0] ?? []
    const named = key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
    expect(decoded({ tools: [tool] })).toMatchObject({
      tools: [{ type: 'server', raw: { [named]: value }, ...expected }],
      special: [],
    })
  })

  it('have options that no other search has', () => {
    const call = decoded({
      tools: [{ googleSearch: { timeRangeFilter: { startTime: 'x' } } }],
      toolConfig: { retrievalConfig: { latLng: { latitude: 1 } }, includeServerSideToolInvocations: true },
    })
    expect(call.special).toEqual([
      { loss: 'server_tool_options', param: 'tools[0].googleSearch.timeRangeFilter' },
      { loss: 'server_tool_options', param: 'toolConfig.retrievalConfig' },
    ])
  })
})

test.each<[JsonObject, object | null]>([
  [{ mode: 'AUTO' }, { type: 'auto' }],
  [{ mode: 'VALIDATED' }, { type: 'auto' }],
  [{ mode: 'none' }, { type: 'none' }],
  [{ mode: 'ANY' }, { type: 'required' }],
  [{ mode: 'ANY', allowedFunctionNames: [] }, { type: 'required' }],
  [
    { mode: 'ANY', allowedFunctionNames: ['f'] },
    { type: 'tool', name: 'f' },
  ],
  [
    { mode: 'ANY', allowed_function_names: ['f', 'g'] },
    { type: 'allowed', mode: 'required', names: ['f', 'g'] },
  ],
  [
    { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    { type: 'allowed', mode: 'auto', names: ['f'] },
  ],
  [{ allowedFunctionNames: ['f'] }, { type: 'allowed', mode: 'auto', names: ['f'] }],
  [{ mode: 'MODE_UNSPECIFIED' }, null],
  [{}, null],
])('the choice %j', (functionCallingConfig, expected) => {
  expect(decoded({ toolConfig: { functionCallingConfig } }).toolChoice).toEqual(expected)
  expect(decoded({ tool_config: { function_calling_config: functionCallingConfig } }).toolChoice).toEqual(
    expected,
  )
})
