import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { chatAnswer, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { backendsAt, type ProtocolClient, protocolClients } from './protocol-clients.ts'
import { generationCall } from './raw-call.ts'
import { type Refusal, testRefusals } from './refusal-table.ts'

const keyOf = (name: string) => `lp_${name}_0123456789abcdef`
const limited = (name: string, usd_per_day: number) => ({ name, key: keyOf(name), usd_per_day })
const asking =
  (name: string, model = 'some-model') =>
  (client: ProtocolClient) =>
    generationCall(client, { model, headers: [client.keyHeader(keyOf(name))] })

let provider: FakeProvider
beforeAll(async () => {
  provider = await startFakeProvider(chatAnswer({ usage: { prompt: 50, completion: 1 } }))
})
afterAll(() => provider.close())

/** A token of a prompt costs a tenth of a cent, an answer nothing; the calls' prompts count as 25 to 45 tokens. */
function configWith(path: string) {
  const names = ['openai', 'anthropic', 'gemini'].map((backend) => `${backend}:some-model`)
  return {
    auth: { api_keys: [limited('spent', 0.06), limited('tiny', 0.001)] },
    backends: backendsAt(provider.origin),
    usage_tracking: {
      persistence_path: path,
      prices: Object.fromEntries(names.map((name) => [name, { input: 1_000, output: 0 }])),
    },
  }
}

describe('access keys that may spend only so much a day', () => {
  let proxy: TestProxy
  beforeAll(async () => {
    proxy = await startTestProxy({ ledger: true, config: configWith(join(tempFolder(), 'usage.db')) })
    const [chat] = protocolClients as readonly [ProtocolClient]
    expect((await rawRequest(proxy.port, asking('spent')(chat))).status).toBe(200)
    // Answered only when the record of that call is made, and its real cost stands in the place of its estimate.
    const headers = { 'x-llmproxy-key': keyOf('spent') }
    expect((await fetch(`http://127.0.0.1:${proxy.port}/v1/usage/stats`, { headers })).status).toBe(200)
  })
  afterAll(() => proxy.stop())

  const rows: readonly Refusal[] = [
    {
      name: 'a call that no longer fits into the day',
      send: asking('spent'),
      words: ['"spent" may spend $0.06 a day', '$0.05 are spent', 'the next day begins at midnight UTC'],
      ...{ status: 429, code: 'spending_limit', retryAfter: true, shouldRetry: false },
    },
    {
      name: 'a call that fits into no day',
      send: asking('tiny'),
      words: ['this call alone could cost', '"tiny" may spend $0.001 a day', 'max_tokens'],
      ...{ status: 429, code: 'call_over_limit', retryAfter: true, shouldRetry: false },
    },
    {
      name: 'a model without a price',
      send: asking('tiny', 'other-model'),
      words: ({ backend }) => [
        `${backend}:other-model: has no price`,
        `usage_tracking.prices: {"${backend}:other-model": {input: …, output: …}}`,
      ],
      ...{ status: 403, code: 'price_missing', param: 'model', shouldRetry: false },
    },
  ]
  testRefusals(rows, () => proxy.port)
})

describe('access keys with a limit, and a ledger that cannot be read', () => {
  let proxy: TestProxy
  beforeAll(async () => {
    const path = join(tempFolder(), 'usage.db')
    mkdirSync(path)
    proxy = await startTestProxy({ ledger: true, config: configWith(path) })
  })
  afterAll(() => proxy.stop())

  const rows: readonly Refusal[] = [
    {
      name: 'any call',
      send: asking('spent'),
      words: ['"spent" has usd_per_day', 'cannot be read from the usage ledger', 'try again in a moment'],
      ...{ status: 503, code: 'ledger_failed', retryAfter: true },
    },
  ]
  testRefusals(rows, () => proxy.port)
})
