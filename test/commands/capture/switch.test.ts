import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import CaptureOff from '../../../src/commands/capture/off.ts'
import CaptureOn from '../../../src/commands/capture/on.ts'
import CaptureRecent from '../../../src/commands/capture/recent.ts'
import CaptureSave from '../../../src/commands/capture/save.ts'
import { type FakeProvider, refusedPort, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { runCommand } from '../../support/run-command.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
beforeEach(() => {
  proxy.requests.length = 0
})
afterAll(() => proxy.close())

type CommandClass = Parameters<typeof runCommand>[0]
const run = (command: CommandClass, ...argv: string[]) =>
  runCommand(command, ['--url', proxy.url, ...argv], { HOME: '/nowhere', LLMPROXY_HOME: '/nowhere' })
const state = (mode: string, more = {}) => ({
  mode,
  file: null,
  bytes: 0,
  dropped_records: 0,
  last_error: null,
  ...more,
})

describe('switching a running proxy', () => {
  it.each([
    [CaptureOn, 'all', 'records everything; its file begins with the next exchange'],
    [CaptureOff, 'off', 'records nothing'],
    [
      CaptureRecent,
      'recent',
      'keeps the last exchanges in memory; llmproxy capture save writes them to disk',
    ],
  ] as const)('%o asks for its mode and says what that means', async (command, mode, words) => {
    proxy.answer(whole(200, state(mode)))
    const { stdout, exitCode } = await run(command, '--api-key', 'lp_abc')
    expect([exitCode, stdout]).toEqual([undefined, `the proxy at ${proxy.url} ${words}\n`])
    const [asked] = proxy.requests
    expect([asked?.method, asked?.url, asked?.headers['x-llmproxy-key']]).toEqual([
      ...['POST', '/internal/capture', 'lp_abc'],
    ])
    expect(JSON.parse(String(asked?.body))).toEqual({ mode })
  })

  it('says where the file is, and what is wrong with it', async () => {
    proxy.answer(whole(200, state('all', { file: '/data/a.cbor', last_error: 'the disk is full' })))
    const { stdout } = await run(CaptureOn)
    expect(stdout).toBe(
      `the proxy at ${proxy.url} records everything into /data/a.cbor\nbut: the disk is full\n`,
    )
  })

  it('as JSON is what the proxy said', async () => {
    proxy.answer(whole(200, state('off')))
    expect(JSON.parse((await run(CaptureOff, '--json')).stdout)).toEqual(state('off'))
  })
})

describe('capture save', () => {
  it('says how many exchanges are in which file', async () => {
    proxy.answer(whole(200, { file: '/data/s.cbor', exchanges: 3 }))
    expect((await run(CaptureSave)).stdout).toBe('saved 3 exchanges to /data/s.cbor\n')
    expect(JSON.parse(String(proxy.requests[0]?.body))).toEqual({})
  })

  it('asks for one exchange, which may be saved already', async () => {
    proxy.answer(whole(200, { file: '/data/s.cbor', exchanges: 0 }))
    expect((await run(CaptureSave, '--exchange', 'x_1')).stdout).toBe(
      'nothing of x_1 is left to save: what was recorded of it is in /data/s.cbor\n',
    )
    expect(proxy.requests[0]?.url).toBe('/internal/capture/save')
    expect(JSON.parse(String(proxy.requests[0]?.body))).toEqual({ exchange: 'x_1' })
  })

  it('tells the proxy’s refusal in its words', async () => {
    proxy.answer(whole(409, { error: { code: 'capture_not_saved', message: 'nothing is kept' } }))
    const { stderr, exitCode } = await run(CaptureSave)
    expect([exitCode, stderr]).toEqual([1, 'error: nothing is kept\n'])
  })
})

describe('with something else in the place of the proxy', () => {
  it.each([
    ['a page', '<html>hello</html>'],
    ['another API', '{"hello":1}'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['another mode', '{"mode":"recent","file":null}'],
    ['other types', '{"mode":"all","file":{},"exchanges":"3"}'],
  ])('%s is not done: 3', async (_, body) => {
    proxy.answer(whole(200, body))
    for (const command of [CaptureOn, CaptureSave]) {
      const { stdout, stderr, exitCode } = await run(command)
      expect([exitCode, stdout, stderr]).toEqual([
        ...[3, '', `error: what answers at ${proxy.url} is no llmproxy\n`],
      ])
    }
  })
})

describe('without a proxy', () => {
  it.each([CaptureOn, CaptureOff, CaptureRecent, CaptureSave])('%o is not done: 3', async (command) => {
    const url = `http://127.0.0.1:${await refusedPort()}`
    const { stderr, exitCode } = await runCommand(command, ['--url', url], { LLMPROXY_HOME: '/nowhere' })
    expect([exitCode, stderr]).toEqual([3, `error: no proxy answers at ${url}\n  try: llmproxy serve\n`])
  })
})
