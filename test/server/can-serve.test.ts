import { expect, it } from 'vitest'
import { canServe } from '../../src/server/can-serve.ts'
import { aBackend } from '../support/a-backend.ts'
import { documentedJson } from '../support/openapi.ts'
import { startTestProxy } from '../support/start-proxy.ts'

it.each([
  ['has a provider key of ours', { credentials: 'proxy', apiKey: 'sk-x' }, true],
  ['lacks the provider key that it is to be asked with', { credentials: 'proxy', apiKey: null }, false],
  ['takes its clients\u2019 own logins', { credentials: 'client', apiKey: null }, true],
  ['prefers its clients\u2019 own logins', { credentials: 'client_first', apiKey: null }, true],
  ['needs no credential', { credentials: 'none', apiKey: null }, true],
  ['is the demo', { type: 'demo', credentials: 'none', apiKey: null }, false],
] as const)('a backend that %s', (_, changes, serves) => {
  expect(canServe(aBackend('any', changes))).toBe(serves)
})

it('a proxy whose every backend waits for a provider key is not ready', async () => {
  const keyless = { credentials: 'proxy', api_key: '' }
  const backends = { openai: keyless, anthropic: keyless, gemini: keyless, chatgpt: keyless }
  const proxy = await startTestProxy({ config: { backends } })
  const answer = await fetch(`${proxy.url}/readyz`)
  expect(await documentedJson(answer)).toEqual({ status: 'no usable backend' })
  expect(answer.status).toBe(503)
  await proxy.stop()
})
