import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import ConfigCheck from '../../../src/commands/config/check.ts'
import ConfigInit from '../../../src/commands/config/init.ts'
import { inFolder } from './in-folder.ts'

test('writes a start that has no faults, for this user only, where serve finds it', async () => {
  const { run, folder } = inFolder()
  const { stdout } = await run(ConfigInit, [])
  expect(stdout).toBe(`${folder}/home/config.yaml\n`)
  expect(statSync(`${folder}/home/config.yaml`).mode & 0o777).toBe(0o600)
  expect(statSync(`${folder}/home`).mode & 0o777).toBe(0o700)
  expect((await run(ConfigCheck, [])).stdout).toBe(`${folder}/home/config.yaml: no faults\n`)
})

test('writes where it is told', async () => {
  const { run } = inFolder()
  await run(ConfigInit, ['deep/mine.yaml'])
  expect(readFileSync('deep/mine.yaml', 'utf8')).toContain('# backends:')
})

test('never overwrites a file', async () => {
  const { run } = inFolder()
  writeFileSync('mine.yaml', 'port: 9\n')
  const { stderr, exitCode } = await run(ConfigInit, ['mine.yaml'])
  expect(stderr).toContain('mine.yaml: is already there and stays as it is')
  expect(exitCode).toBe(2)
  expect(readFileSync('mine.yaml', 'utf8')).toBe('port: 9\n')
})
