import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { chatAnswer, startFakeProvider } from '../support/fake-provider.ts'
import { localBackend } from '../support/local-backend.ts'
import { startTestProxy } from '../support/start-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('a session that was opted out still is when the proxy has been restarted', async () => {
  const provider = await startFakeProvider(chatAnswer())
  onTestFinished(() => provider.close())
  const start = (ledger: string) =>
    startTestProxy({
      ledger: true,
      config: {
        backends: {
          local: localBackend(provider.url, ['m']),
          other: localBackend(provider.url, ['small']),
        },
        usage_tracking: { persistence_path: ledger },
        replacement: {
          ...{ enabled: true, probability: 1, allow_first_turn: true },
          replacement_rules: [{ from_pattern: 'm', to_backend: 'other', to_model: 'small' }],
        },
      },
    })
  const path = join(tempFolder(), 'usage.db')
  const first = await start(path)
  await fetch(`${first.url}/v1/replacement/opt-out`, { method: 'POST', body: '{"session_id":"kept"}' })
  await first.stop()
  const next = await start(path)
  onTestFinished(() => next.stop())
  const answeredBy = async (session: string) => {
    const answer = await fetch(`${next.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-session-id': session },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
    })
    await answer.text()
    return answer.headers.get('x-llmproxy-backend')
  }
  expect([await answeredBy('kept'), await answeredBy('another')]).toEqual(['local', 'other'])
})
