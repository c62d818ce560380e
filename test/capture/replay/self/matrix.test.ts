import { afterAll, beforeAll, expect, test } from 'vitest'
import { messagesBackend } from '../../../matrix/backends/anthropic-messages.ts'
import { geminiBackend } from '../../../matrix/backends/gemini.ts'
import { chatBackend } from '../../../matrix/backends/openai-chat.ts'
import { responsesBackend } from '../../../matrix/backends/openai-responses.ts'
import { caseNames } from '../../../matrix/cases.ts'
import { messagesClient } from '../../../matrix/clients/anthropic-messages.ts'
import { geminiClient } from '../../../matrix/clients/gemini.ts'
import { chatClient } from '../../../matrix/clients/openai-chat.ts'
import { responsesClient } from '../../../matrix/clients/openai-responses.ts'
import { type FakeProvider, startFakeProvider } from '../../../support/fake-provider.ts'
import { startTestProxy } from '../../../support/start-proxy.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { notTheSame, replayedHere } from './replayed.ts'

const clients = [chatClient, responsesClient, messagesClient, geminiClient]
const backends = [chatBackend, responsesBackend, messagesBackend, geminiBackend]
const folder = tempFolder()
let asked = 0

const fakes = new Map<string, FakeProvider>()
beforeAll(async () => {
  for (const { protocol } of backends) fakes.set(protocol, await startFakeProvider())
  const proxy = await startTestProxy({
    config: {
      failure_handling: { max_wait_seconds: 0 },
      health_check: { circuit_breaker_enabled: false },
      wire_capture: { mode: 'all', output_dir: folder, min_free_mb: 0 },
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
  for (const backend of backends) {
    for (const client of clients) {
      for (const streams of [false, true]) {
        for (const name of caseNames) {
          fakes.get(backend.protocol)?.answer(backend.answer(name, streams))
          await client.ask(name, { url: `${proxy.url}/${backend.protocol}`, model: backend.model, streams })
          asked++
        }
      }
    }
  }
  await proxy.stop()
  // What is replayed asks nobody.
  await Promise.all([...fakes.values()].map((fake) => fake.close()))
}, 120_000)
afterAll(() => Promise.all([...fakes.values()].map((fake) => fake.close().catch(() => {}))))

test('every client protocol on every backend protocol is the same when it is replayed, event by event', async () => {
  const replayed = await replayedHere(folder, { level: 'events' })
  expect(notTheSame(replayed)).toEqual([])
  expect(replayed).toHaveLength(asked)
  expect(new Set(replayed.map(({ outcome }) => outcome.verdict))).toEqual(new Set(['same']))
}, 120_000)
