import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../../src/backends/demo/server.ts'
import { sseBlocks, sseJson } from '../../support/sse-text.ts'
import { quickClock } from './quick-clock.ts'

let demo: Demo
let client: OpenAI
beforeAll(async () => {
  demo = await startDemo(quickClock)
  client = new OpenAI({ apiKey: 'k', baseURL: demo.url, maxRetries: 0 })
})
afterAll(() => demo.close())

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 2 }, unit: { type: 'string' } },
  required: ['city', 'days'],
}
const chatTools = [{ type: 'function' as const, function: { name: 'get_weather', parameters } }]
const responsesTools = [{ type: 'function' as const, name: 'get_weather', parameters, strict: false }]
const user = (content: string) => ({ role: 'user' as const, content })

const raw = async (path: string, body: unknown) =>
  (await fetch(demo.url + path, { method: 'POST', body: JSON.stringify(body) })).text()

test('chat answers with what the user said last and with counted tokens', async () => {
  const answer = await client.chat.completions.create({
    model: 'echo',
    messages: [{ role: 'system', content: 'Be kind.' }, user('first'), user('hello there')],
  })
  expect(answer.choices).toMatchObject([
    { index: 0, message: { role: 'assistant', content: 'You said: hello there' }, finish_reason: 'stop' },
  ])
  expect(answer.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 5, total_tokens: 11 })
  expect(answer._request_id).toMatch(/^req_demo_/)
})

test('chat streams the same words, the role first and [DONE] last, without usage unless asked', async () => {
  const text = await raw('/chat/completions', {
    model: 'echo',
    stream: true,
    messages: [user('hello there')],
  })
  expect(sseBlocks(text).at(-1)?.data).toBe('[DONE]')
  const chunks = sseJson(text) as OpenAI.ChatCompletionChunk[]
  expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
    { role: 'assistant', content: '', refusal: null },
    { content: 'You' },
    { content: ' said:' },
    { content: ' hello' },
    { content: ' there' },
    {},
  ])
  expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([
    null,
    null,
    null,
    null,
    null,
    'stop',
  ])
  expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false)
  expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1)
})

test('chat puts usage into one last chunk without choices when asked', async () => {
  const stream = await client.chat.completions.create({
    model: 'echo',
    stream: true,
    stream_options: { include_usage: true },
    messages: [user('hello there')],
  })
  const chunks: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 },
  })
})

test('chat calls a tool that the user names, streamed as whole, and then tells its result', async () => {
  const ask = { model: 'echo', tools: chatTools, messages: [user('please use get_weather')] }
  const whole = await client.chat.completions.create(ask)
  const streamed = await client.chat.completions.stream(ask).finalChatCompletion()
  for (const answer of [whole, streamed]) {
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    const calls = answer.choices[0]?.message.tool_calls ?? []
    expect(calls).toMatchObject([{ type: 'function', function: { name: 'get_weather' } }])
    expect(calls.map((call) => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
      { city: 'demo city', days: 2 },
    ])
  }
  const message = whole.choices[0]!.message
  const result = { role: 'tool' as const, tool_call_id: message.tool_calls![0]!.id, content: 'sunny, 12 °C' }
  const after = await client.chat.completions.create({ ...ask, messages: [...ask.messages, message, result] })
  expect(after.choices[0]?.message.content).toBe('The tool get_weather answered: sunny, 12 °C')
  expect(after.choices[0]?.finish_reason).toBe('stop')
})

test('chat ends with length when max_tokens is reached', async () => {
  const answer = await client.chat.completions.create({
    model: 'echo',
    max_completion_tokens: 2,
    messages: [user('hello')],
  })
  expect(answer.choices[0]).toMatchObject({ message: { content: 'You' }, finish_reason: 'length' })
})

test('responses answer a text and a list of items', async () => {
  const answer = await client.responses.create({
    model: 'echo',
    instructions: 'Be kind.',
    input: 'hello there',
  })
  expect(answer).toMatchObject({
    status: 'completed',
    output_text: 'You said: hello there',
    incomplete_details: null,
  })
  expect(answer.usage).toMatchObject({ input_tokens: 5, output_tokens: 5, total_tokens: 10 })
  const items = await client.responses.create({
    model: 'echo',
    input: [
      { role: 'developer', content: [{ type: 'input_text', text: 'rules' }] },
      { role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
    ],
  })
  expect(items.output_text).toBe('You said: hi')
})

test('responses stream every event of the grammar with rising sequence numbers', async () => {
  const stream = client.responses.stream({ model: 'echo', input: 'hello' })
  const events: { type: string; sequence_number: number }[] = []
  for await (const event of stream) events.push(event)
  expect(events.map((event) => event.type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index))
  expect((await stream.finalResponse()).output_text).toBe('You said: hello')
})

test('responses call tools, two at once where the user names two, and tell their results', async () => {
  const tools = [...responsesTools, { ...responsesTools[0]!, name: 'get_time', parameters: null }]
  const ask = { model: 'echo', tools, input: [user('call get_time and use get_weather')] }
  const whole = await client.responses.create(ask)
  const streamed = await client.responses.stream(ask).finalResponse()
  for (const answer of [whole, streamed]) {
    expect(answer.output).toMatchObject([
      { type: 'function_call', name: 'get_time', arguments: '{}', status: 'completed' },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"demo city","days":2}' },
    ])
  }
  const outputs = whole.output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `of ${item.name}` }]
      : [],
  )
  const after = await client.responses.create({
    ...ask,
    input: [...ask.input, ...(whole.output as OpenAI.Responses.ResponseFunctionToolCall[]), ...outputs],
  })
  expect(after.output_text).toBe(
    'The tool get_time answered: of get_time\nThe tool get_weather answered: of get_weather',
  )
})

test('responses end incomplete when max_output_tokens is reached, streamed too', async () => {
  const ask = { model: 'echo', input: 'hello', max_output_tokens: 3 }
  const expected = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
  expect(await client.responses.create(ask)).toMatchObject(expected)
  const text = await raw('/responses', { ...ask, stream: true })
  expect(sseJson(text).at(-1)).toMatchObject({ type: 'response.incomplete', response: expected })
})

test('responses count input tokens', async () => {
  expect(JSON.parse(await raw('/responses/input_tokens', { model: 'echo', input: 'one two' }))).toEqual({
    object: 'response.input_tokens',
    input_tokens: 2,
  })
})

test('an unknown model is 404 with its code, on both routes', async () => {
  const expected = { status: 404, code: 'model_not_found', type: 'invalid_request_error', param: 'model' }
  const chat = client.chat.completions.create({ model: 'nope', messages: [user('hi')] })
  await expect(chat).rejects.toMatchObject(expected)
  await expect(chat).rejects.toThrow('the demo has only `echo`')
  await expect(client.responses.create({ model: 'nope', input: 'hi' })).rejects.toMatchObject(expected)
})

test('a stored response that it cannot have is refused', async () => {
  const ask = { model: 'echo', input: 'hi', previous_response_id: 'resp_1' }
  await expect(client.responses.create(ask)).rejects.toMatchObject({
    status: 400,
    param: 'previous_response_id',
  })
})

test('lists its models, and describes one by its id', async () => {
  const ids = []
  for await (const model of client.models.list()) ids.push(model.id)
  expect(ids).toEqual(['echo', 'other'])
  expect(await client.models.retrieve('echo')).toMatchObject({
    id: 'echo',
    object: 'model',
    owned_by: 'llmproxy',
  })
  await expect(client.models.retrieve('nope')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
})
