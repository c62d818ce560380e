import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeProvider, jsonBody, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { messagesBackend } from './backends/anthropic-messages.ts'
import { geminiBackend } from './backends/gemini.ts'
import { chatBackend } from './backends/openai-chat.ts'
import { responsesBackend } from './backends/openai-responses.ts'
import { caseNames, expectedFacts } from './cases.ts'
import { messagesClient } from './clients/anthropic-messages.ts'
import { geminiClient } from './clients/gemini.ts'
import { chatClient } from './clients/openai-chat.ts'
import { responsesClient } from './clients/openai-responses.ts'

const clients = [chatClient, responsesClient, messagesClient, geminiClient]
const backends = [chatBackend, responsesBackend, messagesBackend, geminiBackend]

const fakes = new Map<string, FakeProvider>()
let proxy: TestProxy
beforeAll(async () => {
  for (const { protocol } of backends) fakes.set(protocol, await startFakeProvider())
  proxy = await startTestProxy({
    config: {
      // An answer of 429 is the last word: nothing waits for it to be another.
      failure_handling: { max_wait_seconds: 0 },
      // None may feel what another met.
      health_check: { circuit_breaker_enabled: false },
      backends: Object.fromEntries(
        backends.map(({ protocol, type, model }) => [
          protocol,
          {
            type,
            api_url: `${fakes.get(protocol)?.url}/${protocol === 'gemini' ? 'v1beta' : 'v1'}`,
            api_key: 'sk-provider-000000000000',
            protocols: [protocol],
            models: [model],
          },
        ]),
      ),
    },
  })
})
afterAll(async () => {
  await proxy.stop()
  await Promise.all([...fakes.values()].map((fake) => fake.close()))
})

describe.each(backends)('on a backend of $protocol', (backend) => {
  describe.each(clients)('a client of $protocol', (client) => {
    for (const streams of [false, true]) {
      it.each(caseNames)(`${streams ? 'stream' : 'whole'}: %s`, async (name) => {
        const fake = fakes.get(backend.protocol) as FakeProvider
        const before = fake.requests.length
        fake.answer(backend.answer(name, streams))
        const url = `${proxy.url}/${backend.protocol}`
        const facts = await client.ask(name, { url, model: backend.model, streams })
        expect(facts).toEqual(expectedFacts(name, streams))
        expect(fake.requests).toHaveLength(before + 1)
        backend.check(name, jsonBody(fake.requests[before] as never))
      })
    }
  })
})
