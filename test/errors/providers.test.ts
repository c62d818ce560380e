import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { expectError } from './error-shapes.ts'
import { failing, failingBackends } from './failing-providers.ts'
import { type ProtocolClient, protocolClients } from './protocol-clients.ts'
import { generationCall } from './raw-call.ts'
import { expectAlive, type Refusal, testRefusals } from './refusal-table.ts'

let proxy: TestProxy
let self: TestProxy

beforeAll(async () => {
  proxy = await startTestProxy({ config: { backends: await failingBackends() } })
  self = await startTestProxy({ config: {} })
  const at = (version: string) => ({ api_url: `${self.url}${version}`, api_key: 'a-key-0123456789' })
  await self.rewrite({ backends: { openai: at('/v1'), anthropic: at('/v1'), gemini: at('/v1beta') } })
  await self.reload()
})
afterAll(async () => {
  await proxy.stop()
  await self.stop()
})

const unavailable = (code: string) => ({ status: 502, code }) as const
const tooLate = { status: 504, code: 'backend_timeout' } as const

/** Words with the name of the backend that this client asked. */
const naming =
  (how: string, ...words: string[]): Refusal['words'] =>
  ({ backend }) => [`${backend}.${how}`, ...words]

/** How a provider fails, what is asked for, and what the client is told. */
const failures: Record<string, { streams: boolean[] } & Omit<Refusal, 'name' | 'send'>> = {
  down: {
    streams: [false, true],
    words: naming('down', '127.0.0.1:', 'refuses connections', 'is it running?'),
    ...unavailable('connect_failed'),
  },
  hole: {
    streams: [false, true],
    words: naming('hole', 'no connection', 'timeouts.connect_seconds sets the limit'),
    ...tooLate,
  },
  silent: {
    streams: [false, true],
    words: naming('silent', 'no answer', 'timeouts.headers_seconds sets the limit'),
    ...tooLate,
  },
  mute: {
    streams: [true],
    words: naming('mute', 'no content', 'timeouts.first_content_seconds sets the limit'),
    ...tooLate,
  },
  stuck: {
    streams: [false],
    words: naming('stuck', 'sent nothing for', 'timeouts.idle_seconds sets the limit'),
    ...tooLate,
  },
  gone: {
    streams: [false, true],
    words: naming('gone', 'closed the connection before its answer'),
    ...unavailable('backend_closed'),
  },
  short: {
    streams: [false],
    words: naming('short', 'closed the connection before its answer was complete'),
    ...unavailable('backend_closed'),
  },
  early: {
    streams: [true],
    words: naming('early', 'ended its stream before the answer was complete'),
    ...unavailable('backend_truncated'),
  },
  torn: {
    streams: [true],
    words: naming('torn', 'closed the connection before its answer was complete'),
    ...unavailable('backend_closed'),
  },
  babble: {
    streams: [false, true],
    words: naming('babble', 'not HTTP'),
    ...unavailable('backend_answer'),
  },
  locked: {
    streams: [false, true],
    words: naming('locked', "refuses the proxy's provider key (401)", 'Incorrect key.'),
    ...unavailable('provider_key_refused'),
    shouldRetry: false,
  },
}

const rows: readonly Refusal[] = Object.entries(failures).flatMap(([how, { streams, ...expected }]) =>
  streams.map((stream) => ({
    ...expected,
    name: `${stream ? 'a stream of' : 'an answer of'} a provider that is ${how}`,
    send: (client: ProtocolClient) => generationCall(client, { model: `${client.backend}.${how}:m`, stream }),
  })),
)

testRefusals(rows, () => proxy.port)

test('every way of failing has its line', () => {
  expect(Object.keys(failures).sort()).toEqual(Object.keys(failing).sort())
})

describe('a proxy that is its own backend', () => {
  test.each(protocolClients)('stops the loop of a client of $protocol', async (client) => {
    const answer = await rawRequest(self.port, generationCall(client))
    // What the inner exchange said is passed on, its id included.
    const inner =
      answer.headers[client.protocol === 'anthropic-messages' ? 'request-id' : 'x-request-id'] ?? ''
    expect(inner).not.toBe(answer.headers['x-llmproxy-exchange'])
    const asInner = { ...answer, headers: { ...answer.headers, 'x-llmproxy-exchange': inner } }
    const words = ['already passed this proxy', 'check the api_url of the backends']
    expectError(client.protocol, asInner, { status: 508, code: 'loop', words, shouldRetry: false })
    await expectAlive(self.port)
  })
})
