import { expect, test } from 'vitest'
import type { Json } from '../../../../src/core/json.ts'
import { decoded } from './a-call.ts'

const parameters = { type: 'object', properties: { a: { type: 'string' } } }

test('functions, custom tools, the older functions, and whatever else there is', () => {
  const { tools } = decoded({
    tools: [
      { type: 'function', function: { name: 'f', description: 'F', parameters, strict: true } },
      { type: 'function', function: { name: 'g' }, cache_control: { type: 'ephemeral' } },
      { type: 'custom', custom: { name: 'sql', format: { type: 'text' } } },
      { type: 'code_interpreter' },
    ],
    functions: [{ name: 'h', parameters }],
  })
  const plain = { type: 'function', description: null, parameters: null, strict: null }
  expect(tools).toEqual([
    { type: 'function', name: 'f', description: 'F', parameters, strict: true },
    { ...plain, name: 'g', cache: { ttl: null } },
    { type: 'custom', name: 'sql', description: null, format: { type: 'text' } },
    { type: 'server', kind: 'other', name: 'code_interpreter', raw: { type: 'code_interpreter' } },
    { ...plain, name: 'h', parameters },
  ])
})

test('the search of chat is a tool that the provider runs', () => {
  const raw = {
    search_context_size: 'high',
    user_location: { type: 'approximate', approximate: { city: 'Bern', country: 'CH' } },
  }
  expect(decoded({ web_search_options: raw }).tools).toEqual([
    {
      ...{ type: 'server', kind: 'web_search', name: 'web_search', raw },
      search: {
        ...{ allowedDomains: [], blockedDomains: [], maxUses: null, contextSize: 'high' },
        userLocation: { city: 'Bern', country: 'CH' },
      },
    },
  ])
})

test.each<[Json, object | null]>([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['required', { type: 'required' }],
  ['any', { type: 'required' }],
  [
    { type: 'function', function: { name: 'f' } },
    { type: 'tool', name: 'f' },
  ],
  [
    { type: 'custom', custom: { name: 'sql' } },
    { type: 'tool', name: 'sql' },
  ],
  [
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
    },
    { type: 'allowed', mode: 'required', names: ['f'] },
  ],
  [
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    { type: 'allowed', mode: 'auto', names: ['f'] },
  ],
  [null, null],
])('the choice %j', (tool_choice, expected) => {
  expect(decoded({ tool_choice })).toMatchObject({ toolChoice: expected, special: [] })
})

test("the older function_call is a choice too, where tool_choice isn't said", () => {
  expect(decoded({ function_call: { name: 'h' } }).toolChoice).toEqual({ type: 'tool', name: 'h' })
  expect(decoded({ function_call: 'none' }).toolChoice).toEqual({ type: 'none' })
  expect(decoded({ function_call: 'none', tool_choice: 'auto' }).toolChoice).toEqual({ type: 'auto' })
})
