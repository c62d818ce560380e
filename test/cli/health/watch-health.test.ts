import { Chalk } from 'chalk'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { apiClient } from '../../../src/cli/api-client.ts'
import { watchHealth } from '../../../src/cli/health/watch-health.ts'
import { type FakeProvider, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { OutputReader } from '../../support/output-reader.ts'
import { anAnswer } from './health-answers.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
afterAll(() => proxy.close())

function watching(
  reader: OutputReader,
  changed: { json?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  return watchHealth({
    ...{ client: apiClient(proxy.url, undefined), everyMs: 1, json: false, env: {} },
    ...{ chalk: new Chalk({ level: 0 }), out: reader as unknown as NodeJS.WriteStream },
    ...changed,
  })
}

const times = (text: string, part: string) => text.split(part).length - 1

it('on a terminal draws over and over in one place, and leaves the last picture there', async () => {
  proxy.answer(whole(200, anAnswer()))
  const listeners = process.listenerCount('SIGINT')
  const reader = new OutputReader(true, 100)
  const watched = watching(reader)
  await vi.waitFor(() => expect(times(reader.text, '\u001b[H')).toBeGreaterThan(2))
  proxy.answer(whole(503, { error: { message: 'it restarts' } }))
  await vi.waitFor(() =>
    expect(reader.text).toMatch(/✖ it restarts since \d\d:\d\d:\d\d \(\d s\); last it said:/),
  )
  // What is still known stays there.
  expect(reader.text.slice(reader.text.indexOf('it restarts'))).toContain('●  anthropic')
  reader.leave()
  await watched
  expect(reader.text.indexOf('\u001b[?1049h')).toBe(0)
  expect(times(reader.text, '\u001b[?1049h')).toBe(1)
  expect(reader.text.slice(reader.text.indexOf('\u001b[?1049l'))).toMatch(/every 0\.001 s; Ctrl-C ends it\n/)
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

it.each([
  ['a pipe', new OutputReader(false, 100), {}],
  ['a terminal that can do nothing', new OutputReader(true, 100), { TERM: 'dumb' }],
])('to %s writes one report after the other', async (_, reader, env) => {
  proxy.answer(whole(200, anAnswer()))
  const watched = watching(reader, { env })
  await vi.waitFor(() => expect(times(reader.text, '● ok: llmproxy')).toBeGreaterThan(1))
  reader.leave()
  await watched
  expect(reader.text).not.toContain('\u001b')
  expect(reader.text).toMatch(/^\d\d:\d\d:\d\d {2}● ok: llmproxy 0\.1\.0 at /)
})

it('as JSON writes one answer a line, and an outage as errors', async () => {
  const reader = new OutputReader(false, 100)
  proxy.answer(whole(200, anAnswer({ more: 'kept' })))
  const watched = watching(reader, { json: true })
  await vi.waitFor(() => expect(times(reader.text, '\n')).toBeGreaterThan(1))
  proxy.answer(whole(503, { error: { message: 'it restarts' } }))
  await vi.waitFor(() => expect(reader.text).toContain('it restarts'))
  proxy.answer(whole(200, anAnswer()))
  await vi.waitFor(() => expect(reader.text).toMatch(/it restarts"\}\}\n\{"status":"ok"/))
  reader.leave()
  await watched
  const lines = reader.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toEqual(anAnswer({ more: 'kept' }))
  expect(lines).toContainEqual({ error: { code: 'failed', message: 'it restarts' } })
})
