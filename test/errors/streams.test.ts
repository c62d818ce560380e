import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  closeWithoutAnswer,
  type FakeProvider,
  head,
  reset,
  type Script,
  stall,
  startFakeProvider,
  streamHead,
  write,
} from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { type ExpectedError, expectStreamError } from './error-shapes.ts'
import { backendsAt, beginningOf, type ProtocolClient, protocolClients } from './protocol-clients.ts'
import { generationCall, rawCall } from './raw-call.ts'
import { expectAlive } from './refusal-table.ts'

let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: { backends: backendsAt(provider.origin, { timeouts: { idle_seconds: 0.15 } }) },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

const begun = (client: ProtocolClient) => beginningOf(client, ['first words', 'second'])

interface Ending extends ExpectedError {
  name: string
  /** What the provider does once it has begun. */
  after: Script
  /** What of that reaches the client. */
  adds?: string
}

const endings: readonly Ending[] = [
  {
    name: 'a close',
    after: [closeWithoutAnswer()],
    ...{
      status: 502,
      code: 'backend_closed',
      words: ['closed the connection before its answer was complete'],
    },
  },
  {
    name: 'a reset',
    after: [reset()],
    ...{
      status: 502,
      code: 'backend_closed',
      words: ['closed the connection before its answer was complete'],
    },
  },
  {
    name: 'a clean end without the terminal event',
    after: [],
    ...{ status: 502, code: 'backend_truncated', words: ['ended its stream before the answer was complete'] },
  },
  {
    name: 'a cut in the middle of an event',
    after: [write('data: {"half":'), closeWithoutAnswer()],
    adds: 'data: {"half":\n\n',
    ...{
      status: 502,
      code: 'backend_closed',
      words: ['closed the connection before its answer was complete'],
    },
  },
  {
    name: 'silence',
    after: [stall()],
    ...{ status: 504, code: 'backend_timeout', words: ['sent nothing for 0.15 s', 'timeouts.idle_seconds'] },
  },
]

describe.each(protocolClients)('a client of $protocol', (client) => {
  test.each(endings)('gets $code as an event of its stream for $name after output', async (ending) => {
    provider.answer([streamHead(), write(begun(client)), ...ending.after])
    const answer = await rawRequest(proxy.port, generationCall(client, { stream: true }))
    expect({ status: answer.status, complete: answer.complete }).toEqual({ status: 200, complete: false })
    const passed = begun(client) + (ending.adds ?? '')
    expect(answer.text.slice(0, passed.length)).toBe(passed)
    const id = answer.headers['x-llmproxy-exchange'] ?? ''
    const whole = ending.adds === undefined ? answer.text : answer.text.replace(ending.adds, '')
    expectStreamError(client.protocol, whole, id, { ...ending, words: [client.backend, ...ending.words] })
    expect(whole.slice(begun(client).length).match(/^data: /gm)).toHaveLength(1)
    await expectAlive(proxy.port)
  })
})

test.each(endings)(
  'Gemini’s array stays open, with the error for its last element, after $name',
  async (ending) => {
    const element = JSON.stringify({ candidates: [{ content: { parts: [{ text: 'first' }] }, index: 0 }] })
    const type = { 'content-type': 'application/json' }
    const after = ending.adds === undefined ? ending.after : [closeWithoutAnswer()]
    provider.answer([head(200, type), write(`[${element}`), ...after])
    const answer = await rawRequest(
      proxy.port,
      rawCall({ path: '/v1beta/models/m:streamGenerateContent', body: '{"contents":[]}' }),
    )
    expect({ status: answer.status, complete: answer.complete }).toEqual({ status: 200, complete: false })
    expect(answer.text.startsWith(`[${element},\n{"error":`)).toBe(true)
    const elements = JSON.parse(`${answer.text}]`) as { error?: object }[]
    expect(elements).toHaveLength(2)
    expectStreamError('gemini', `data: ${JSON.stringify(elements[1])}\n\n`, '', ending)
  },
)
