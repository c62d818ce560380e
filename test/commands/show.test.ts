import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import Show from '../../src/commands/show.ts'
import { aCapture } from '../support/a-capture.ts'
import { captureFile } from '../support/capture/capture-file.ts'
import { type FakeProvider, startFakeProvider, whole } from '../support/fake-provider.ts'
import { runCommand } from '../support/run-command.ts'
import { tempFolder } from '../support/temp-folder.ts'

const record = {
  ...{ id: 'x_1', timestamp: '2026-01-05T12:00:00.000Z', session_id: 's_1', turn_number: 1 },
  ...{ frontend_type: 'openai-chat', stream: true, call_purpose: 'chat', requested_model: 'gpt-4o' },
  ...{ attempt_log: [], tags: {}, tool_names: [], tool_call_count: 0, token_count_method: 'o200k' },
  ...{ client_blocked_ms: 0, proxy_user: null, replacement: null, stream_tps: null, cost_usd: null },
}
const home = tempFolder()
let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
  proxy.answer(whole(200, record))
})
afterAll(() => proxy.close())
const run = (...argv: string[]) =>
  runCommand(Show, ['x_1', '--url', proxy.url, ...argv], { LLMPROXY_HOME: home })

describe('show', () => {
  it('without captures is the record alone', async () => {
    const { stdout, stderr, exitCode } = await run()
    expect([exitCode, stderr]).toEqual([undefined, ''])
    expect(stdout).toMatch(/^exchange +x_1\n/)
    expect(stdout).not.toContain('On the wire')
  })

  it('with a capture goes on with when it passed and what was changed', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', aCapture({ stream: true }))
    const { stdout, stderr } = await run('--capture', file)
    expect(stdout).toMatch(
      /^exchange +x_1\n.*\nOn the wire\n.*\nCTP → PTB, attempt 1 at openai: byte for byte/s,
    )
    expect(stderr).toBe(`captured in ${file}\n`)
  })

  it('as JSON is the record, and the capture beside it where there is one', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', aCapture({ stream: true }))
    expect(JSON.parse((await run('--json')).stdout)).toEqual(record)
    const { capture, ...rest } = JSON.parse((await run('--json', '--capture', file)).stdout)
    expect(rest).toEqual(record)
    expect(capture).toMatchObject({ file, is_closed: true, passages: [{ passage: 'verbatim' }, {}] })
  })

  it('of an exchange without a record says how its capture is looked at', async () => {
    proxy.next(whole(404, { error: { message: 'no exchange with the id "x_1" is in the ledger' } }))
    const { stdout, stderr, exitCode } = await run('--capture', "it's.cbor")
    expect([stdout, exitCode]).toEqual(['', 1])
    expect(stderr).toMatch(/\n {2}try: llmproxy capture inspect 'it'\\''s\.cbor' --exchange x_1\n/)
  })

  it('of a capture that is none fails, after the record', async () => {
    const { stdout, stderr, exitCode } = await run('--capture', '/nowhere.cbor')
    expect([exitCode, stderr]).toEqual([2, 'error: there is no file /nowhere.cbor\n'])
    expect(stdout).toMatch(/^exchange +x_1\n/)
  })
})
