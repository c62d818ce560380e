import { expect, it } from 'vitest'
import type { CredentialMode } from '../../src/core/backend.ts'
import { credentialWords } from '../../src/server/credential-words.ts'
import { aBackend } from '../support/a-backend.ts'

it.each<[CredentialMode, string | null, string]>([
  ['none', null, 'needs none'],
  ['proxy', 'sk-secret', "the proxy's provider key"],
  ['proxy', null, 'no provider key'],
  ['client', null, "the client's own login"],
  ['client_first', 'sk-secret', "the client's own login, else the proxy's provider key"],
])('mode %s with the key %s is told as %j, never with the value', (credentials, apiKey, words) => {
  expect(credentialWords(aBackend('openai', { credentials, apiKey }))).toBe(words)
})
