import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import KeyNew from '../../../src/commands/key/new.ts'
import { runCommand } from '../../support/run-command.ts'

test('prints an access key and the configuration that lets it in', async () => {
  const { stdout } = await runCommand(KeyNew, ['alice'])
  const [key = '', ...yaml] = stdout.split('\n')
  expect(key).toMatch(/^lp_/)
  const hash = createHash('sha256').update(key).digest('hex')
  expect(parse(yaml.join('\n'))).toEqual({ auth: { api_keys: [{ name: 'alice', key_sha256: hash }] } })
})

test('the access key is said once and not in the lines for the file', async () => {
  const { stdout, stderr } = await runCommand(KeyNew, ['alice'])
  const key = stdout.split('\n')[0] ?? ''
  expect(stdout.split(key)).toHaveLength(2)
  expect(stderr).not.toContain(key)
})

test('--json has the same as data', async () => {
  const { stdout } = await runCommand(KeyNew, ['ops', '--role', 'admin', '--json'])
  const data = JSON.parse(stdout)
  expect(data).toEqual({
    name: 'ops',
    key: data.key,
    key_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    role: 'admin',
  })
})
