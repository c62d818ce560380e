import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { openStore } from '../../../src/usage/stores/index.ts'
import { anAnswer, anEmptyAnswer } from '../../cli/replacement/metrics-answers.ts'
import { aRecord } from '../../support/a-record.ts'
import { type FakeProvider, refusedPort, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider(whole(200, anAnswer()))
})
afterAll(() => proxy.close())

/** The program from src/, in a pipe. */
function watching(...more: string[]) {
  const command = ['replacement', 'metrics', '--watch', '0.2', ...more]
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/dev.js', ...command], {
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text
  })
  return { child, seen, ended: once(child, 'close') }
}

const soon = { timeout: 15_000 }

it('a watch writes one report after the other into a pipe, over a refusal, until Ctrl-C', async () => {
  proxy.answer(whole(200, anAnswer()))
  const { child, seen, ended } = watching('--url', proxy.url)
  await vi.waitFor(() => expect(seen.stdout.split('● on').length).toBeGreaterThan(2), soon)
  proxy.answer(whole(503, { error: { message: 'it restarts' } }))
  await vi.waitFor(() => expect(seen.stdout).toMatch(/^\d\d:\d\d:\d\d {2}✖ it restarts; asking on$/m), soon)
  proxy.answer(whole(200, anEmptyAnswer()))
  await vi.waitFor(() => expect(seen.stdout).toMatch(/it answers again, after \d+ s\n\S+ {2}○ off/), soon)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(seen.stderr).toBe('')
}, 60_000)

it('as JSON it writes one answer a line', async () => {
  proxy.answer(whole(200, anAnswer()))
  const { child, seen, ended } = watching('--url', proxy.url, '--json')
  await vi.waitFor(() => expect(seen.stdout.split('\n').length).toBeGreaterThan(2), soon)
  child.kill('SIGTERM')
  expect(await ended).toEqual([143, null])
  const lines = seen.stdout.trimEnd().split('\n')
  for (const line of lines) expect(JSON.parse(line)).toEqual(anAnswer())
  expect(seen.stderr).toBe('')
}, 60_000)

it('where no proxy runs it watches the configured ledger, and says so once', async () => {
  const home = tempFolder()
  const ledger = join(home, 'usage.db')
  const store = openStore(ledger, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1e6, flushIntervalMs: 1_000, onNotice: () => {} },
  })
  await store.prepare()
  const owner = { id: 'o_1', pid: process.pid, machine: 'here' }
  const add = () => {
    const replacement = { rule: '*=local:qwen3-coder', decision: 'replaced' as const }
    const records = [aRecord({ replaced: true, replacement })]
    return store.append(owner, { records, opened: [], ended: [] })
  }
  await add()
  const config = join(home, 'config.yaml')
  writeFileSync(config, `port: ${await refusedPort()}\nusage_tracking: {persistence_path: ${ledger}}\n`)
  const { child, seen, ended } = watching('--config', config)
  await vi.waitFor(() => expect(seen.stdout.split('○ read from a ledger').length).toBeGreaterThan(2), soon)
  expect(seen.stdout).toMatch(/ {2}requests +1 +0\n/)
  await add()
  await vi.waitFor(() => expect(seen.stdout).toMatch(/ {2}requests +2 +0\n/), soon)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(seen.stderr).toMatch(/^no proxy runs at \S+; this is read from \S+\n$/)
  await store.close()
}, 60_000)
