import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeClient } from '../support/fake-client.ts'
import { runProgram, startProgram } from '../support/run-program.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

// The program as its users run it, with a client that is a small script.
let proxy: TestProxy
beforeAll(async () => {
  proxy = await startTestProxy({ ledger: true })
})
afterAll(() => proxy.stop())

const env = () => ({ HOME: tempFolder(), LLMPROXY_URL: proxy.url })

test('everything behind CLIENT is the client’s, as it stands', async () => {
  const { args, report } = fakeClient(tempFolder())
  const own = [
    '--help',
    '--version',
    '--url',
    '',
    'two words',
    `"it's" \\ $HOME`,
    '--',
    '--json=1',
    '-h',
    'run',
  ]
  const { stdout, exitCode } = await runProgram(['run', 'node', ...args(0, 0, ...own)], env())
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 })
  expect(report().args).toEqual(own)
})

test('run --help explains run, and so does run without a client', async () => {
  const help = await runProgram(['run', '--help'], env())
  expect(help.stdout).toContain('$ llmproxy run CLIENT')
  const { stderr, exitCode } = await runProgram(['run'], env())
  expect({ stderr, exitCode }).toEqual({
    stderr: expect.stringMatching(/client[\s\S]*try: llmproxy run --help/),
    exitCode: 2,
  })
})

test('the exit code is the client’s, and what was used stands on stderr alone', async () => {
  const { args } = fakeClient(tempFolder())
  const { stdout, stderr, exitCode } = await runProgram(['run', 'node', ...args(2, 7)], env())
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 7 })
  expect(stderr).toMatch(/^llmproxy: 2 requests · 4→10 tokens · cost — .* · no issues$/m)
})

test('where no proxy runs it carries one, on a free port, and ends with the client', async () => {
  const home = tempFolder()
  // Nothing may listen where it looks for one that runs.
  writeFileSync(join(home, 'config.yaml'), 'port: 1\nhealth_check: {enabled: false}\n')
  const { args, report } = fakeClient(tempFolder())
  const { stderr, exitCode } = await runProgram(['run', 'node', ...args(1, 0)], {
    HOME: home,
    LLMPROXY_HOME: home,
  })
  expect(exitCode).toBe(0)
  expect(report().statuses).toEqual([200])
  expect(stderr).toMatch(/^llmproxy: 1 request · 2→5 tokens · /m)
  const { stdout } = await runProgram(['usage', 'stats', '--json', '--file', join(home, 'usage.db')])
  expect(JSON.parse(stdout)).toMatchObject({ request_count: 1, billed_prompt_tokens: 2 })
})

test('a signal goes to the client, which ends as it likes', async () => {
  const script =
    "process.on('SIGTERM', () => process.exit(9)); console.error('ready'); setInterval(() => {}, 1000)"
  const program = startProgram(['run', 'node', '-e', script], env())
  await program.says(/ready/)
  program.process.kill('SIGTERM')
  const { stderr, exitCode } = await program.ended
  expect(exitCode).toBe(9)
  expect(stderr).toContain('no request of node went through it')
})

test('what comes on stdin is the client’s', async () => {
  const child = spawn(process.execPath, ['bin/run.js', 'run', 'cat'], {
    env: { PATH: process.env.PATH, ...env() },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.end('for the client\n')
  expect(await text(child.stdout)).toBe('for the client\n')
})

test('a command that is not there ends with 127, before any proxy is started', async () => {
  const { stderr, exitCode } = await runProgram(['run', 'no-such-client', '--help'], { HOME: tempFolder() })
  expect({ stderr, exitCode }).toEqual({
    stderr: 'error: there is no command no-such-client in the PATH\n',
    exitCode: 127,
  })
})
