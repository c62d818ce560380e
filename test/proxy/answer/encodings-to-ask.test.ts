import { expect, it } from 'vitest'
import { encodingsToAsk } from '../../../src/proxy/answer/encodings-to-ask.ts'

it.each([
  [undefined, 'identity'],
  ['identity', 'identity'],
  ['compress', 'identity'],
  ['gzip, br', 'gzip, br'],
  ['br;q=0, gzip', 'gzip'],
])('of a client that takes %j, a provider is asked for %s', (client, asked) => {
  expect(encodingsToAsk(client)).toBe(asked)
})

it('a client that takes everything gets all that we can decode', () => {
  expect(encodingsToAsk('*').split(', ')).toEqual(expect.arrayContaining(['gzip', 'deflate', 'br']))
})
