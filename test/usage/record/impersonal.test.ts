import { expect, it } from 'vitest'
import { impersonal } from '../../../src/usage/record/impersonal.ts'

it.each([
  [
    'Rate limit reached for gpt-4o in organization org-AbCdEf123456 on tokens per min',
    'Rate limit reached for gpt-4o in organization (account) on tokens per min',
  ],
  ['The model `my-secret-model` does not exist', 'The model ‹…› does not exist'],
  ["Invalid value: 'the whole prompt that was sent'.", 'Invalid value: ‹…›.'],
  ['connect ECONNREFUSED 10.1.2.3:443', 'connect ECONNREFUSED (address)'],
  ['connect ECONNREFUSED ::1:8080', 'connect ECONNREFUSED (address)'],
  ['getaddrinfo ENOTFOUND llm.corp.internal', 'getaddrinfo ENOTFOUND (host)'],
  ['see https://platform.openai.com/account?id=7 for more', 'see (address) for more'],
  ['mail ann.smith@example.com', 'mail (e-mail)'],
  [
    'backend openai.eu ended its stream before the answer was complete',
    'backend openai.eu ended its stream before the answer was complete',
  ],
])('%s is kept as: %s', (text, kept) => expect(impersonal(text)).toBe(kept))

it('is short, and has no control characters', () => {
  expect(impersonal('x'.repeat(5000)).length).toBeLessThanOrEqual(201)
  expect(impersonal('a\u001b[31mb')).not.toContain('\u001b')
})

it('takes no time for a text that is all quotes', () => {
  expect(impersonal('"'.repeat(50_000)).length).toBeLessThanOrEqual(201)
})
