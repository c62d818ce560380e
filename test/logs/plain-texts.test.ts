import { expect, it } from 'vitest'
import { createSecrets } from '../../src/core/secrets/secrets.ts'
import { plainTexts } from '../../src/logs/plain-texts.ts'

const secret = 'a-plain-provider-key-of-ours'

it.each([
  ['text, numbers and nothing', { model: 'gpt-5', n: 1, none: null, yes: true, dropped: [] }, true],
  ['a key by its form', { model: 'sk-0123456789abcdefghij' }, false],
  ['what a terminal obeys', { model: 'a\u001b[2J' }, false],
  ['a name that makes its value a secret', { authorization: 'abcd' }, false],
  ['a name in another spelling', { 'X-Api-Key': 'abcd' }, false],
  ['a value with a structure', { err: { message: 'x' } }, false],
  ['a list that is not empty', { dropped: ['x'] }, false],
  ['a function', { toJSON: () => 'x' }, false],
])('looks at fields one by one: %s', (_, fields, expected) => {
  expect(plainTexts(createSecrets()).arePlain(fields)).toBe(expected)
})

it('asks again when a secret becomes known', () => {
  const secrets = createSecrets()
  const texts = plainTexts(secrets)
  expect([texts.isPlain(secret), texts.arePlain({ [secret]: 1 }), texts.arePlain({ model: secret })]).toEqual(
    [true, false, true],
  )
  secrets.add(secret, 'provider-key')
  expect([texts.isPlain(secret), texts.arePlain({ model: secret })]).toEqual([false, false])
})
