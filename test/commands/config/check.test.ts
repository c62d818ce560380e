import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import ConfigCheck from '../../../src/commands/config/check.ts'
import { inFolder } from './in-folder.ts'

test('a file without faults is one line and exit 0', async () => {
  const { run, folder } = inFolder()
  writeFileSync('good.yaml', 'port: 9\nbackends: {openai: {}}\n')
  const { stdout, exitCode } = await run(ConfigCheck, ['good.yaml'])
  expect(stdout).toBe(`${folder}/good.yaml: no faults\n`)
  expect(exitCode).toBeUndefined()
})

test('no file at all is no fault', async () => {
  const { stdout, exitCode } = await inFolder().run(ConfigCheck, [])
  expect(stdout).toBe('no configuration file: defaults and variables: no faults\n')
  expect(exitCode).toBeUndefined()
})

test('every fault is a line on stderr, and the exit code is 2', async () => {
  const { run } = inFolder()
  writeFileSync('bad.yaml', 'prot: 9\nlogging: {level: loud}\n')
  const { stdout, stderr, exitCode } = await run(ConfigCheck, ['bad.yaml'])
  expect(stdout).toBe('')
  expect(stderr).toContain('bad.yaml:1:1: prot: unknown key "prot"; did you mean port?')
  expect(stderr).toContain('bad.yaml:2:18: logging.level: got "loud"')
  expect(exitCode).toBe(2)
})

test('what only shows when backends are made is told with its place', async () => {
  const { run } = inFolder()
  writeFileSync('bad.yaml', 'backends:\n  mine:\n    type: opnai\n')
  const { stderr, exitCode } = await run(ConfigCheck, ['bad.yaml'])
  expect(stderr).toContain('bad.yaml:3:11: backends.mine.type: unknown type opnai')
  expect(stderr).toContain('openai')
  expect(exitCode).toBe(2)
})

test('a ./config.yaml that may not be trusted is refused as serve refuses it', async () => {
  const { run } = inFolder()
  writeFileSync('config.yaml', 'backends: {openai: {api_url: "https://evil.example/v1"}}')
  const refused = await run(ConfigCheck, [])
  expect(refused.stderr).toContain('./config.yaml:1:30: backends.openai.api_url')
  expect(refused.stderr).toContain('llmproxy serve --config ./config.yaml')
  expect(refused.exitCode).toBe(2)
  expect((await run(ConfigCheck, ['config.yaml'])).exitCode).toBeUndefined()
})

test('the hosts of presets are known', async () => {
  const { run } = inFolder()
  writeFileSync('config.yaml', 'backends: {anthropic: {api_url: "https://api.anthropic.com/v1"}}')
  expect((await run(ConfigCheck, [])).exitCode).toBeUndefined()
})

test('a misspelt variable is said on stderr and is no fault', async () => {
  const { stderr, exitCode } = await inFolder().run(ConfigCheck, [], { LLMPROXY_PROT: '1' })
  expect(stderr).toContain('did you mean LLMPROXY_PORT?')
  expect(exitCode).toBeUndefined()
})

test('--json has the faults as data and the same exit code', async () => {
  const { run } = inFolder()
  writeFileSync('bad.yaml', 'prot: 9\n')
  const { stdout, exitCode } = await run(ConfigCheck, ['bad.yaml', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'bad.yaml',
    faults: [{ file: 'bad.yaml', line: 1, column: 1, path: 'prot', nearest: 'port' }],
  })
  expect(exitCode).toBe(2)
})

test('listening beyond this machine without access keys is refused with the line that works', async () => {
  const { run } = inFolder()
  writeFileSync('open.yaml', 'host: 0.0.0.0\n')
  const { stderr, exitCode } = await run(ConfigCheck, ['open.yaml'])
  expect(stderr).toMatch(/LLMPROXY_API_KEY=lp_\w+ llmproxy serve --host 0\.0\.0\.0/)
  expect(exitCode).toBe(2)
  const key = { LLMPROXY_API_KEY: '0123456789abcdef' }
  expect((await run(ConfigCheck, ['open.yaml'], key)).exitCode).toBeUndefined()
})
