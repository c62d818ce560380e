import { expect, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { aCall } from './a-call.ts'

const decode = (body: JsonObject) => anthropicMessages.decodeRequest(body, { model: '', stream: false })
const hi = [{ role: 'user', content: 'Hi' }]

test('the smallest request', () => {
  expect(decode({ model: 'fast', max_tokens: 1000, messages: hi })).toEqual(aCall())
})

test('every parameter that another protocol could carry', () => {
  const body = {
    model: 'claude-opus-4-5',
    max_tokens: 2048,
    messages: hi,
    stream: true,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    stop_sequences: ['END', 'STOP'],
    metadata: { user_id: 'u-1' },
    service_tier: 'auto',
    thinking: { type: 'enabled', budget_tokens: 1500 },
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
  }
  expect(decode(body)).toEqual(
    aCall({
      model: 'claude-opus-4-5',
      maxOutputTokens: 2048,
      stream: true,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stop: ['END', 'STOP'],
      userId: 'u-1',
      serviceTier: 'auto',
      reasoning: { effort: null, budgetTokens: 1500, adaptive: false, visible: true },
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      tools: [
        { type: 'function', name: 'f', description: null, parameters: { type: 'object' }, strict: null },
      ],
      output: {
        type: 'json_schema',
        name: null,
        description: null,
        schema: { type: 'object' },
        strict: null,
      },
    }),
  )
})

test('what only Anthropic has is named, and nothing that says nothing', () => {
  const body = {
    model: 'fast',
    max_tokens: 1,
    messages: hi,
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    container: { id: 'container_1' },
    mcp_servers: [{ type: 'url', url: 'https://mcp.example/', name: 'm' }],
    cache_control: { type: 'ephemeral' },
    speed: null,
    fallbacks: [],
    metadata: { user_id: 'u', team: 'x' },
    anthropic_version: 'bedrock-2023-05-31',
  }
  expect(decode(body).special).toEqual([
    { loss: 'other_parameters', param: 'context_management' },
    { loss: 'stored_state', param: 'container' },
    { loss: 'stored_state', param: 'mcp_servers' },
    { loss: 'cache_control', param: 'cache_control' },
    { loss: 'metadata', param: 'metadata.team' },
  ])
})

test('the format of the answer goes by its name of the beta too', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  const body = { model: 'fast', messages: hi, output_format: { type: 'json_schema', schema } }
  expect(decode(body).output).toMatchObject({ type: 'json_schema', schema })
})

test.each<[string, JsonObject]>([
  ['messages', {}],
  ['messages', { messages: 'Hi' }],
  ['messages[0]', { messages: ['Hi'] }],
  ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
  ['messages[0].content', { messages: [{ role: 'user' }] }],
  ['messages[0].content[0]', { messages: [{ role: 'user', content: ['Hi'] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'image' }] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't' }] }] }],
  [
    'messages[0].content[0].input',
    { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: [1] }] }] },
  ],
  [
    'messages[0].content[0].source',
    { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64' } }] }] },
  ],
  ['tools', { messages: [], tools: {} }],
  ['tools[0]', { messages: [], tools: [{ input_schema: {} }] }],
  ['tool_choice.type', { messages: [], tool_choice: { type: 'required' } }],
  ['tool_choice.name', { messages: [], tool_choice: { type: 'tool' } }],
  ['max_tokens', { messages: [], max_tokens: '1000' }],
  ['stop_sequences', { messages: [], stop_sequences: 'END' }],
  ['stop_sequences[0]', { messages: [], stop_sequences: [1] }],
  ['service_tier', { messages: [], service_tier: 1 }],
])('%s is named where it cannot be understood', (param, body) => {
  let thrown: unknown
  try {
    decode({ model: 'fast', ...body })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(ProxyError)
  expect(thrown).toMatchObject({ code: 'bad_request', param })
})
