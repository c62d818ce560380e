import { afterEach, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../../src/backends/demo/server.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { openStream, rawRequest } from '../../support/raw-client.ts'
import { sseJson } from '../../support/sse-text.ts'

const running: Demo[] = []
afterEach(() => Promise.all(running.splice(0).map((one) => one.close())))

async function demoWith(clock: FakeClock): Promise<Demo> {
  const demo = await startDemo(clock)
  running.push(demo)
  return demo
}

const portOf = (demo: Demo) => Number(new URL(demo.url).port)
const chatBody = (content: string) =>
  JSON.stringify({ model: 'echo', stream: true, messages: [{ role: 'user', content }] })

test('listens on loopback only', async () => {
  expect((await demoWith(new FakeClock())).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('sends the first word after 50 ms and the others every 20 ms', async () => {
  const clock = new FakeClock()
  const demo = await demoWith(clock)
  const stream = await openStream(`${demo.url}/chat/completions`, { body: chatBody('a b c') })
  const chunks = stream.chunks[Symbol.asyncIterator]()
  const nextText = async () => {
    const text = (await chunks.next()).value?.bytes.toString() ?? ''
    return (sseJson(text) as { choices: { delta: { content?: string } }[] }[]).map(
      (chunk) => chunk.choices[0]?.delta.content,
    )
  }
  expect(await nextText()).toEqual([''])
  const waits: (number | undefined)[] = []
  const words: (string | undefined)[] = []
  while (clock.pending > 0) {
    const waitMs = clock.nextInMs ?? 0
    waits.push(waitMs)
    clock.advance(waitMs)
    words.push((await nextText())[0])
  }
  expect(waits).toEqual([50, 20, 20, 20, 20])
  expect(words).toEqual(['You', ' said:', ' a', ' b', ' c'])
})

test('answers whole answers at once', async () => {
  const clock = new FakeClock()
  const demo = await demoWith(clock)
  const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hi' }] })
  const answer = await openStream(`${demo.url}/chat/completions`, { body })
  expect(JSON.parse(await answer.text()).choices[0].message.content).toBe('You said: hi')
  expect(clock.pending).toBe(0)
})

test('gives the same answer to the same request', async () => {
  const demo = await demoWith(new FakeClock())
  const body = JSON.stringify({ model: 'echo', input: 'hi' })
  const answers = []
  for (let i = 0; i < 2; i++) answers.push(await (await openStream(`${demo.url}/responses`, { body })).text())
  expect(answers[0]).toBe(answers[1])
})

test('stops when the client goes', async () => {
  const clock = new FakeClock()
  const demo = await demoWith(clock)
  const stream = await openStream(`${demo.url}/chat/completions`, { body: chatBody('a b c') })
  expect(clock.pending).toBe(1)
  stream.abort()
  await expect.poll(() => clock.pending).toBe(0)
})

test('ends running streams when it is closed', async () => {
  const demo = await startDemo(new FakeClock())
  const stream = await openStream(`${demo.url}/chat/completions`, { body: chatBody('a b c') })
  await demo.close()
  expect((await stream.drain()).cut).toBe(true)
})

test.each([
  [
    'POST',
    '/chat/completions',
    '{nope',
    400,
    { error: { type: 'invalid_request_error', param: null, code: null } },
  ],
  ['POST', '/chat/completions', '[]', 400, { error: { type: 'invalid_request_error' } }],
  ['POST', '/chat/completions', '{"model":"echo"}', 400, { error: { param: 'messages' } }],
  ['POST', '/responses', '{"model":"echo"}', 400, { error: { param: 'input' } }],
  ['POST', '/responses', '{"input":"hi"}', 400, { error: { param: 'model' } }],
  ['POST', '/messages', '{nope', 400, { type: 'error', error: { type: 'invalid_request_error' } }],
  [
    'POST',
    '/messages/count_tokens',
    '{"model":"x"}',
    404,
    { type: 'error', error: { type: 'not_found_error' } },
  ],
  [
    'POST',
    '/models/echo:generateContent',
    '{nope',
    400,
    { error: { code: 400, status: 'INVALID_ARGUMENT' } },
  ],
  ['POST', '/models/a%2Fb:countTokens', '{}', 404, { error: { code: 404, status: 'NOT_FOUND' } }],
  ['POST', '/models/%zz:countTokens', '{}', 404, { error: { code: 404 } }],
  ['POST', '/embeddings', '{}', 404, { error: { type: 'invalid_request_error' } }],
  ['DELETE', '/models/echo', '', 404, { error: { type: 'invalid_request_error' } }],
  ['GET', '//', '', 404, { error: {} }],
])('%s %s with %s is %i in its own shape', async (method, path, body, status, shape) => {
  const demo = await demoWith(new FakeClock())
  const request = `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const answer = await rawRequest(portOf(demo), request)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.text)).toMatchObject(shape)
})

test.each([
  ['/models', '', { object: 'list' }],
  ['/models', 'anthropic-version: 2023-06-01\r\n', { has_more: false }],
  ['/models', 'x-goog-api-key: k\r\n', { models: [{ name: 'models/echo' }, { name: 'models/other' }] }],
  ['/models?pageSize=5', '', { models: [{ name: 'models/echo' }, { name: 'models/other' }] }],
  ['/v1beta/models', '', { models: [{ name: 'models/echo' }, { name: 'models/other' }] }],
  ['/', '', { status: 'ok' }],
])('GET %s with "%s" has the shape of its family', async (path, headers, shape) => {
  const demo = await demoWith(new FakeClock())
  const answer = await rawRequest(portOf(demo), `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject(shape)
})
