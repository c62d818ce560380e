import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import CaptureMock from '../../../src/commands/capture/mock.ts'
import { ask, askAs } from '../../capture/replay/mock/a-mock.ts'
import { aCapture, lastOf } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const capture = aCapture([{}, {}])

/** The program from src/, in a pipe, without a file named: the newest of the configured folder. */
function mocking() {
  const home = tempFolder()
  mkdirSync(join(home, 'captures'))
  captureFile(join(home, 'captures'), 'run.cbor', capture)
  const argv = ['--import', 'tsx', 'bin/dev.js', 'capture', 'mock', '--port', '0', '--speed', 'max']
  const child = spawn(process.execPath, argv, { env: { PATH: process.env.PATH, LLMPROXY_HOME: home } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.stderr += text))
  const listening = async () => {
    await vi.waitFor(() => expect(seen.stderr).toContain('listens at'), { timeout: 15_000 })
    return Number(/listens at http:\/\/127\.0\.0\.1:(\d+)/.exec(seen.stderr)?.[1])
  }
  return { home, child, seen, listening, ended: once(child, 'close') }
}

it.each(['SIGINT', 'SIGTERM'] as const)('answers until %s, and closes with the sums', async (signal) => {
  const { child, seen, listening, ended, home } = mocking()
  const port = await listening()
  expect((await askAs({ port }, lastOf(capture).request)).status).toBe(200)
  child.kill(signal)
  expect(await ended).toEqual([0, null])
  expect(seen.stdout).toBe('exact   POST /v1/chat/completions  gpt-4o  x_1\nexact=1 fuzzy=0 miss=0\n')
  expect(readdirSync(home, { recursive: true }).sort()).toEqual(['captures', 'captures/run.cbor'])
})

it('is 1 after a miss, however it ends', async () => {
  const { child, listening, ended } = mocking()
  const port = await listening()
  expect((await ask({ port }, { path: '/v1/embeddings', body: '{}' })).status).toBe(503)
  child.kill('SIGINT')
  expect(await ended).toEqual([1, null])
})

it('ends quietly when nobody reads any more what it says', async () => {
  const { child, seen, listening, ended } = mocking()
  const port = await listening()
  child.stdout.destroy()
  for (let n = 0; n < 5; n++) await askAs({ port }, lastOf(capture).request).catch(() => {})
  expect(await ended).toEqual([0, null])
  expect(seen.stderr).not.toContain('EPIPE')
})

it('wrong usage is 2, as JSON where that is asked for', async () => {
  const file = captureFile(tempFolder(), 'run.cbor', capture)
  const { stdout, exitCode } = await runCommand(CaptureMock, [file, '--speed', 'slow', '--json'], {})
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    2,
    { error: { code: 'usage', message: '--speed: "slow" is no speed; write 1, 10, 0.5 or max' } },
  ])
})
