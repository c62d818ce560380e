import { expect, test } from 'vitest'
import { backendConfigFaults } from '../../src/config/backend-faults.ts'
import { loadingText } from './loading.ts'

test('faults of backends get their places in the file, also where names have dots', async () => {
  const text = 'backends:\n  a:\n    type: x\n  a.b:\n    type: opnai\n'
  const env = { LLMPROXY_BACKENDS_C_API_KEY: 'k' }
  const loaded = await loadingText(text, { env }).load()
  const { message, faults } = backendConfigFaults(loaded, [
    { path: 'backends.a.b.type', message: 'unknown type opnai', nearest: 'openai' },
    { path: 'backends.a.api_url', message: 'missing' },
    { path: 'backends.c.api_key', message: 'no good' },
    { path: 'OPENAI_API_KEY', message: 'no good either' },
  ])
  expect(message.split('\n')).toEqual([
    'named.yaml:5:11: backends["a.b"].type: unknown type opnai',
    'named.yaml:3:5: backends.a.api_url: missing',
    'LLMPROXY_BACKENDS_C_API_KEY: backends.c.api_key: no good',
    'named.yaml:1:1: OPENAI_API_KEY: no good either',
  ])
  expect(faults[0]?.nearest).toBe('openai')
})
