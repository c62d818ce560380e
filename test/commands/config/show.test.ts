import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import ConfigShow from '../../../src/commands/config/show.ts'
import { inFolder } from './in-folder.ts'

test('shows every value with its origin and no secret', async () => {
  const { run, folder } = inFolder()
  writeFileSync('mine.yaml', 'port: 9\nbackends: {openai: {api_key: planted-secret}}\n')
  const { stdout } = await run(ConfigShow, ['--config', 'mine.yaml'], { LLMPROXY_HOST: '127.0.0.9' })
  expect(stdout).toContain(`# file: ${folder}/mine.yaml`)
  expect(stdout).toMatch(/^port: 9 +# file:1$/m)
  expect(stdout).toMatch(/^host: "127.0.0.9" +# env LLMPROXY_HOST$/m)
  expect(stdout).toMatch(/^ {4}api_key: set +# file:2$/m)
  expect(stdout).not.toContain('planted-secret')
})

test('--json has the same as data', async () => {
  const { run, folder } = inFolder()
  const { stdout } = await run(ConfigShow, ['--json'], { LLMPROXY_PORT: '7' })
  const data = JSON.parse(stdout)
  expect(data).toMatchObject({ file: null, home: `${folder}/home` })
  expect(data.values).toContainEqual({ path: 'port', value: 7, origin: 'env LLMPROXY_PORT' })
})

test('a faulty file is refused with its faults', async () => {
  const { run } = inFolder()
  writeFileSync('bad.yaml', 'prot: 9\n')
  const { stderr, exitCode } = await run(ConfigShow, ['--config', 'bad.yaml'])
  expect(stderr).toContain('bad.yaml:1:1: prot: unknown key')
  expect(exitCode).toBe(2)
})
