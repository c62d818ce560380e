import { afterAll } from 'vitest'
import {
  closeWithoutAnswer,
  cutAt,
  head,
  raw,
  refusedPort,
  type Script,
  stall,
  startBlackHole,
  startFakeProvider,
  streamHead,
  whole,
  write,
} from '../support/fake-provider.ts'

/** A way in which a provider fails, with the settings of the backend that meets it. */
interface Failing {
  url: () => Promise<string>
  settings?: Record<string, unknown>
}

const soon = 0.08

async function fake(script: Script): Promise<string> {
  const provider = await startFakeProvider(script)
  afterAll(() => provider.close())
  return provider.url
}

const refusal = {
  error: { message: 'Incorrect key.', type: 'invalid_request_error', code: 'invalid_api_key' },
}

export const failing: Record<string, Failing> = {
  down: { url: async () => `http://127.0.0.1:${await refusedPort()}` },
  /** The handshake of TLS never comes, so that the connection never stands. */
  hole: {
    async url() {
      const hole = await startBlackHole()
      afterAll(() => hole.close())
      return hole.url.replace('http:', 'https:')
    },
    settings: { timeouts: { connect_seconds: soon } },
  },
  silent: { url: () => fake([stall()]), settings: { timeouts: { headers_seconds: soon } } },
  mute: {
    url: () => fake([streamHead(), write(': hello\n\n'), stall()]),
    settings: { timeouts: { first_content_seconds: soon } },
  },
  stuck: {
    url: () => fake([head(200, { 'content-type': 'application/json' }), write('{"a":'), stall()]),
    settings: { timeouts: { idle_seconds: soon } },
  },
  gone: { url: () => fake([closeWithoutAnswer()]) },
  short: { url: () => fake([cutAt(5), ...whole(200, { a: 'long enough to be cut' })]) },
  early: { url: () => fake([streamHead(), write(': hello\n\n')]) },
  torn: { url: () => fake([cutAt(10), streamHead(), write(': hello\n\n: more\n\n')]) },
  babble: { url: () => fake([raw('220 smtp.example ESMTP\r\n')]) },
  locked: { url: () => fake(whole(401, refusal)) },
}

/** `openai.down`, `anthropic.down`… for each way of failing. */
export async function failingBackends(): Promise<Record<string, object>> {
  const backends: Record<string, object> = {}
  for (const [name, { url, settings }] of Object.entries(failing)) {
    const origin = await url()
    for (const [type, version] of [
      ['openai', '/v1'],
      ['anthropic', '/v1'],
      ['gemini', '/v1beta'],
    ] as const) {
      backends[`${type}.${name}`] = {
        ...{ api_url: `${origin}${version}`, api_key: 'some-provider-key-0123456789' },
        ...{ models: ['m'], ...settings },
      }
    }
  }
  return backends
}
