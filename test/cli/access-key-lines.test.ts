import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { accessKeyLines } from '../../src/cli/access-key-lines.ts'

test.each(['alice', 'no', '12', 'O"Brien: {x}', 'ci-bot.2'])(
  'the lines let %j in, as YAML reads them',
  (name) => {
    const lines = accessKeyLines({ name, hash: '0'.repeat(64), role: 'user' })
    expect(parse(lines, { version: '1.1' })).toMatchObject({ auth: { api_keys: [{ name }] } })
  },
)

test('the role is named where it is not the usual one', () => {
  expect(parse(accessKeyLines({ name: 'ops', hash: 'a1', role: 'admin' }))).toEqual({
    auth: { api_keys: [{ name: 'ops', key_sha256: 'a1', role: 'admin' }] },
  })
})
