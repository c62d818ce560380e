import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import CaptureDiff from '../../../src/commands/capture/diff.ts'
import CaptureReplay from '../../../src/commands/capture/replay.ts'
import {
  providerKey,
  type RecordedRun,
  requestIn,
  startRecordedRun,
} from '../../capture/replay/recorded-run.ts'
import { everythingIn } from '../../capture/writer/read-capture.ts'
import { aCapture, edited } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { refusedPort } from '../../support/fake-provider.ts'
import { startMiddleman } from '../../support/faulty-middleman.ts'
import { runCommand } from '../../support/run-command.ts'
import { droppedToolCall } from '../../support/spoilt-answers.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let run: RecordedRun
beforeAll(async () => {
  run = await startRecordedRun()
  for (const [protocol, stream, session] of [
    ['openai-chat', true, 'a'],
    ['anthropic-messages', false, 'a'],
    ['gemini', true, 'b'],
  ] as const) {
    const { path, body } = requestIn(protocol, stream)
    await run.ask(path, body, { 'x-session-id': session })
  }
  await run.recorded()
  // What is replayed now is not what the proxy goes on to write.
  await fetch(`${run.proxy.url}/internal/capture`, { method: 'POST', body: '{"mode":"off"}' })
})
afterAll(() => run.stop())

const home = tempFolder()
/** With the recorded proxy for the one that is found. */
const replay = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runCommand(CaptureReplay, argv, { LLMPROXY_HOME: home, LLMPROXY_URL: run.proxy.url, ...env })
const lines = (text: string) => text.trimEnd().split('\n')
const rows = (text: string) => lines(text).map((line) => JSON.parse(line))

describe('against a proxy', () => {
  it('that does what it did is 0, one line an exchange, and says before that this is billed', async () => {
    const { stdout, stderr, exitCode, error } = await replay([run.folder, '--concurrency', '1'])
    expect([exitCode, error]).toEqual([0, undefined])
    expect(stderr).toBe(
      `3 requests go to ${run.proxy.url}; what the proxy sends on to providers is billed as ever\n`,
    )
    const [first, second, third, sum, timing, ttft] = lines(stdout)
    expect(first).toMatch(/^✓ {2}x_\w{20} {2}gpt +openai-chat +1 of a +\d.* → \d.* +same$/)
    expect(second).toMatch(/^✓ .* claude +anthropic-messages /)
    expect(third).toMatch(/^✓ .* gem +gemini +1 of b/)
    expect(sum).toBe('3 the same (semantic)')
    expect(timing).toMatch(/^timing recorded → now: (?:within|over) 2 times$/)
    expect(ttft).toMatch(/^ {2}first content {2}p50 \d+ ms → \d+ ms +p95 \d+ ms → \d+ ms$/)
  })

  it('that drops a tool call is 1, and named are the exchange and where', async () => {
    const between = await startMiddleman(run.proxy.url)
    onTestFinished(between.close)
    between.spoil((answer) => (answer.path === '/v1/messages' ? droppedToolCall(answer) : answer))
    const { stdout, exitCode } = await replay([run.folder, '--against', between.url])
    expect(exitCode).toBe(1)
    const [, { id } = { id: '' }] = await run.recorded()
    const at = lines(stdout).findIndex((line) => line.startsWith('≠'))
    expect(lines(stdout)[at]).toContain(id)
    expect(lines(stdout)[at]).toMatch(/1 difference$/)
    expect(lines(stdout)[at + 1]?.trim()).toBe(
      'answer   choices[0].tool_calls[0]  {"name":"get_weather","arguments":{"city":"Paris"}} → not there',
    )
    expect(stdout).toContain('2 the same (semantic), 1 different\n')
  })

  it('as JSON is a line an exchange, and the summary', async () => {
    const { stdout, stderr, exitCode } = await replay([
      run.folder,
      '--json',
      '--speed',
      '100',
      '-p',
      run.proxy.url,
    ])
    expect([exitCode, stderr]).toEqual([0, ''])
    const read = rows(stdout).sort((a, b) => Number(a.type > b.type) || (a.opened_at < b.opened_at ? -1 : 1))
    expect(read.map(({ type }) => type)).toEqual(['exchange', 'exchange', 'exchange', 'summary'])
    expect(read[0]).toMatchObject({
      ...{ verdict: 'same', session: 'a', turn: 1, protocol: 'openai-chat', model: 'gpt', differences: [] },
      ...{ replayed: expect.stringMatching(/^x_/), reason: null },
      timing: { before: { total_ms: expect.any(Number) }, after: { total_ms: expect.any(Number) } },
    })
    expect(read[3]).toMatchObject({
      ...{
        mode: 'against',
        level: 'semantic',
        target: run.proxy.url,
        same: 3,
        different: 0,
        interrupted: false,
      },
      timing: { tolerance: 2, verdict: expect.stringMatching(/within|over/) },
      pacing: { p50_ms: expect.any(Number), p95_ms: expect.any(Number) },
    })
  })

  it('does not begin where its report cannot be written: 2', async () => {
    const nowhere = join(home, 'no', 'such', 'report')
    const { exitCode, stderr, stdout } = await replay([run.folder, '--self', '--output', nowhere])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`error: cannot write ${nowhere}`)
    expect(stdout).toBe('')
  })

  it('takes the exchanges that are meant', async () => {
    const ids = async (...argv: string[]) =>
      rows((await replay([run.folder, '--json', ...argv])).stdout).flatMap(({ model }) => model ?? [])
    expect(await ids('--last', '2')).toEqual(['claude', 'gem'])
    expect(await ids('--filter', '~session a & status=200', '--model', 'gpt')).toEqual(['gpt'])
    expect(await ids('--backend', 'three')).toEqual(['gem'])
    const [first] = await run.recorded()
    expect(await ids('--exchange', first?.id.slice(0, -1) ?? '')).toEqual(['gpt'])
    expect(await ids('--max-requests', '1', '--compare', 'structure')).toEqual(['claude', 'gem', 'gpt'])
  })

  it('only says what it would do when asked to', async () => {
    const before = run.provider.requests.length
    const { stdout, exitCode } = await replay([run.folder, '--dry-run', '--speed', '1', '--last', '2'])
    expect(exitCode).toBe(0)
    expect(lines(stdout)).toEqual([
      expect.stringMatching(
        /^2 requests of 2 sessions to http:\/\/127.0.0.1:\d+; takes \d+ ms by the recorded times$/,
      ),
      'what the proxy sends on to providers is billed as ever',
    ])
    const [row] = rows((await replay([run.folder, '--dry-run', '--json'])).stdout)
    expect(row).toMatchObject({
      type: 'plan',
      mode: 'against',
      requests: 3,
      sessions: 2,
      skipped: [],
      takes_ms: null,
    })
    expect(run.provider.requests.length).toBe(before)
  })

  it('writes the report into a file, not into the capture', async () => {
    const output = join(tempFolder(), 'report.txt')
    const { stdout, exitCode } = await replay([run.folder, '-r', output])
    expect([exitCode, stdout]).toEqual([0, ''])
    expect(readFileSync(output, 'utf8')).toContain('3 the same (semantic)\n')
    const file = join(run.folder, readdirSync(run.folder)[0]!)
    expect(await replay([file, '--output', file])).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('says that nobody is there: 3', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}`
    const { stderr, exitCode } = await replay([run.folder, '--against', url])
    expect(exitCode).toBe(3)
    expect(stderr).toContain(`error: no proxy answers at ${url}\n  try: llmproxy serve\n`)
  })

  it('without provider keys is 3, and says once what to do', async () => {
    const { stop, proxy } = await startRecordedRun({
      config: {
        backends: Object.fromEntries(
          (['openai', 'anthropic', 'gemini'] as const).map((type) => [
            type,
            {
              type,
              api_url: 'http://127.0.0.1:9',
              credentials: 'proxy',
              models: [{ openai: 'gpt', anthropic: 'claude', gemini: 'gem' }[type]],
            },
          ]),
        ),
      },
    })
    const { stdout, stderr, exitCode } = await replay([run.folder, '--against', proxy.url])
    expect(exitCode).toBe(3)
    expect(stdout.match(/^✗/gm)).toHaveLength(3)
    expect(stdout).toContain('    the target has no provider key for it: ')
    expect(stderr.match(/credentials of a recording are never sent/g)).toHaveLength(1)
    void stop
  })
})

describe('guards, before any socket is opened', () => {
  it.each([
    'http://192.0.2.1:9',
    'http://localhost.evil.test:9',
    'http://127.0.0.1.nip.io:9',
    'http://[::ffff:192.0.2.1]:9',
    'http://0.0.0.0:9',
    'http://3221225985:9',
    'http://127.0.0.1@192.0.2.1:9',
    'http://127.0.0.1:80@192.0.2.1:9',
  ])('%s is no target without --live: 3', async (url) => {
    const connects = vi.spyOn(Socket.prototype, 'connect')
    onTestFinished(() => connects.mockRestore())
    const { stderr, stdout, exitCode } = await replay([run.folder, '--against', url])
    expect([exitCode, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^error: /)
    expect(await replay([run.folder], { LLMPROXY_URL: url })).toMatchObject({ exitCode: 3 })
    expect(connects).not.toHaveBeenCalled()
  })

  it('a remote target needs --yes-spend with --live too', async () => {
    const connects = vi.spyOn(Socket.prototype, 'connect')
    onTestFinished(() => connects.mockRestore())
    const { stdout, stderr, exitCode } = await replay([
      run.folder,
      '--live',
      '--against',
      'http://192.0.2.1:9',
    ])
    expect(exitCode).toBe(3)
    expect(stdout).toContain('3 requests to 192.0.2.1:9, one after the other\n')
    expect(stderr).toContain('--yes-spend')
    expect(connects).not.toHaveBeenCalled()
  })

  it('a redirect is an answer: nothing goes where it leads', async () => {
    let connections = 0
    const trap = createServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void trap.close())
    const between = await startMiddleman(run.proxy.url)
    onTestFinished(between.close)
    const location = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`
    between.spoil((answer) => ({ ...answer, status: 307, headers: [['location', location]] }))
    const { exitCode, stdout } = await replay([run.folder, '--against', between.url, '--json'])
    expect([exitCode, connections]).toEqual([1, 0])
    expect(rows(stdout)[0]?.differences[0]).toMatchObject({ path: 'status', before: 200, after: 307 })
  })
})

describe('the new run', () => {
  it('is a capture like any other, redacted, and each exchange is a pair with the one that it repeats', async () => {
    const save = join(tempFolder(), 'new.cbor')
    const key = 'lp_0123456789abcdef0123456789abcdef'
    const { exitCode, stdout } = await replay([run.folder, '--save', save, '--api-key', key])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`recorded in ${save}; compare: llmproxy capture diff ${run.folder} ${save}\n`)
    expect(readdirSync(join(save, '..'))).toEqual(['new.cbor'])
    const all = everythingIn([save]).toString('latin1')
    expect(all).not.toContain(key)
    expect(all).not.toContain(providerKey)
    const diff = await runCommand(CaptureDiff, [run.folder, save, '--json'], { LLMPROXY_HOME: home })
    expect(diff.exitCode ?? 0).toBe(0)
    expect(rows(diff.stdout).map(({ by, verdict }) => by && `${by} ${verdict}`)).toEqual([
      ...['replay same', 'replay same', 'replay same', undefined],
    ])
  })

  it('overwrites nothing: 2, and nothing is sent', async () => {
    const save = join(tempFolder(), 'new.cbor')
    writeFileSync(save, 'mine')
    const before = run.provider.requests.length
    const { exitCode, stderr } = await replay([run.folder, '--save', save])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('is there already')
    expect(readFileSync(save, 'utf8')).toBe('mine')
    expect(run.provider.requests.length).toBe(before)
  })

  it('of which nothing was sent leaves nothing behind', async () => {
    const folder = tempFolder()
    const url = `http://127.0.0.1:${await refusedPort()}`
    const { exitCode } = await replay([
      run.folder,
      '--save',
      join(folder, 'new.cbor'),
      '--dry-run',
      '--against',
      url,
    ])
    expect(exitCode ?? 0).toBe(0)
    expect(existsSync(join(folder, 'new.cbor'))).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('--self', () => {
  it('is the same without any proxy running, and can be saved', async () => {
    const save = join(tempFolder(), 'self.cbor')
    const { stdout, stderr, exitCode } = await replay(
      [run.folder, '--self', '--save', save, '--config', run.proxy.configFile ?? ''],
      {
        LLMPROXY_URL: 'http://192.0.2.1:9',
      },
    )
    expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('3 the same (semantic)\n')])
    const diff = await runCommand(CaptureDiff, [run.folder, save], { LLMPROXY_HOME: home })
    expect(diff.stdout).toMatch(/^3 the same/m)
  })
})

describe('what cannot be done', () => {
  const folder = tempFolder()
  const file = captureFile(
    folder,
    'files.cbor',
    edited(aCapture(), (x) => {
      x.request.url = '/v1/files'
    }),
  )
  const empty = captureFile(folder, 'empty.cbor', {
    exchanges: [],
    gaps: [],
    closedInOrder: true,
    endsMs: null,
  })

  it.each([
    [['--compare', 'loosely'], 'loosely'],
    [['--speed', '0'], '--speed'],
    [['--speed', 'fast'], '--speed'],
    [['--concurrency', '0'], 'concurrency'],
    [['--timing-tolerance', 'much'], '--timing-tolerance'],
    [['--against', 'nowhere'], '--against must be an address'],
    [['--against', 'ftp://127.0.0.1'], '--against must be an address'],
    [['--max-cost', '1'], '--max-cost is for --live'],
    [['--yes-spend'], '--yes-spend is for --live'],
    [['--self', '--live'], 'leave out --live'],
    [['--self', '--against', 'http://127.0.0.1'], 'leave out --against'],
    [['--self', '--speed', '1'], 'leave out --speed'],
    [['--live'], '--live wants to know whom to ask'],
    [['--live', '--backend', 'openai', '--against', 'http://127.0.0.1'], '--live wants to know whom to ask'],
    [['--live', '--backend', 'a', '--backend', 'b'], 'one --backend'],
    [['--live', '--backend', 'openai', '--concurrency', '2'], 'one request after the other'],
    [['--live', '--backend', 'openai', '--max-cost', 'free'], '--max-cost'],
    [['--live', '--backend', 'opnai'], 'did you mean openai?'],
    [['--live', '--backend', 'openai'], 'there is no provider key for it: set OPENAI_API_KEY or'],
    [['--exchange', 'x_nothing'], 'no exchange x_nothing'],
    [['--model', 'nothing'], 'none of 3 exchanges'],
    [['--json=1'], '--json takes no value'],
  ])('%j is 2, and nothing is sent', async (argv, message) => {
    const before = run.provider.requests.length
    const { stderr, stdout, exitCode } = await replay([run.folder, ...argv])
    expect([exitCode, stdout.includes('✓'), run.provider.requests.length]).toEqual([2, false, before])
    expect(stderr + stdout).toContain(message)
  })

  it('an empty capture, one that is not there, and one of which nothing can be sent again are 2', async () => {
    expect(await replay([empty])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no exchange in'),
    })
    expect(await replay([join(folder, 'nowhere.cbor')])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no file'),
    })
    const { stdout, stderr, exitCode } = await replay([file])
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(
      /^· .* not sent: only calls that make an answer and change nothing are sent again$/m,
    )
    expect(stderr).toContain('nothing of it can be replayed')
  })
})
