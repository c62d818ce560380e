import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../../src/backends/demo/server.ts'
import { sseBlocks } from '../../support/sse-text.ts'
import { quickClock } from './quick-clock.ts'

let demo: Demo
let client: Anthropic
beforeAll(async () => {
  demo = await startDemo(quickClock)
  client = new Anthropic({ apiKey: 'k', baseURL: demo.url, maxRetries: 0 })
})
afterAll(() => demo.close())

const tools: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
]
const ask = (content: string) => ({
  model: 'echo',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content }],
})

test('answers with what the user said last and with counted tokens', async () => {
  const answer = await client.messages.create({ ...ask('hello there'), system: 'Be kind.' })
  expect(answer).toMatchObject({
    type: 'message',
    role: 'assistant',
    model: 'echo',
    content: [{ type: 'text', text: 'You said: hello there' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
  })
  expect(answer._request_id).toMatch(/^req_demo_/)
})

test('streams one text block between one start and one stop', async () => {
  const body = JSON.stringify({ ...ask('hello'), stream: true })
  const text = await (await fetch(`${demo.url}/messages`, { method: 'POST', body })).text()
  const blocks = sseBlocks(text)
  expect(blocks.map((block) => block.event)).toEqual([
    'message_start',
    'ping',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
  expect(blocks.map((block) => JSON.parse(block.data).type)).toEqual(blocks.map((block) => block.event))
  const final = await client.messages.stream(ask('hello')).finalMessage()
  expect(final).toMatchObject({
    content: [{ type: 'text', text: 'You said: hello' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 4 },
  })
})

test('calls a tool that the user names, streamed as whole, and then tells its result', async () => {
  const request = { ...ask('call get_weather'), tools }
  const whole = await client.messages.create(request)
  const streamed = await client.messages.stream(request).finalMessage()
  for (const answer of [whole, streamed]) {
    expect(answer.stop_reason).toBe('tool_use')
    expect(answer.content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { city: 'demo city' } },
    ])
  }
  const id = whole.content[0]?.type === 'tool_use' ? whole.content[0].id : ''
  expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
  const after = await client.messages.create({
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: whole.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: 'sunny' }] },
          { type: 'text', text: 'a reminder of the client' },
        ],
      },
    ],
  })
  expect(after.content).toMatchObject([{ text: 'The tool get_weather answered: sunny' }])
})

test.each([
  ['any', { type: 'any' as const }, 'tool_use'],
  ['one tool', { type: 'tool' as const, name: 'get_weather' }, 'tool_use'],
  ['auto', { type: 'auto' as const }, 'end_turn'],
])('with tool choice %s it calls only when it must', async (_name, toolChoice, stopReason) => {
  const answer = await client.messages.create({ ...ask('hi'), tools, tool_choice: toolChoice })
  expect(answer.stop_reason).toBe(stopReason)
})

test('never calls when the choice is none', async () => {
  const answer = await client.messages.create({
    ...ask('use get_weather'),
    tools,
    tool_choice: { type: 'none' },
  })
  expect(answer.stop_reason).toBe('end_turn')
})

test('counts tokens of system, messages and tools without answering', async () => {
  const bare = await client.messages.countTokens({ model: 'echo', messages: ask('one two three').messages })
  expect(bare.input_tokens).toBe(3)
  const full = await client.messages.countTokens({
    model: 'echo',
    system: [{ type: 'text', text: 'four five' }],
    messages: ask('one two three').messages,
    tools: [{ ...tools[0]!, description: 'Tells weather' }],
  })
  expect(full.input_tokens).toBe(3 + 2 + 3 + 2)
})

test('ends with max_tokens when they are used up', async () => {
  const answer = await client.messages.create({ ...ask('hello'), max_tokens: 1 })
  expect(answer).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 1 } })
})

test('unknown models and missing fields are errors of its own shape', async () => {
  await expect(client.messages.create({ ...ask('hi'), model: 'nope' })).rejects.toMatchObject({
    status: 404,
    error: { type: 'error', error: { type: 'not_found_error' } },
  })
  const { max_tokens: _left, ...without } = ask('hi')
  const answer = await fetch(`${demo.url}/messages`, { method: 'POST', body: JSON.stringify(without) })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    type: 'error',
    error: { type: 'invalid_request_error', message: 'max_tokens: Field required' },
  })
})

test('lists its models in this shape', async () => {
  const ids = []
  for await (const model of client.models.list()) ids.push(model.id)
  expect(ids).toEqual(['echo', 'other'])
  expect(await client.models.retrieve('echo')).toMatchObject({ type: 'model', display_name: 'Echo' })
})
