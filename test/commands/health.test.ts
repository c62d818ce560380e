import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import Health from '../../src/commands/health.ts'
import { aBadDay, anAnswer } from '../cli/health/health-answers.ts'
import {
  closeWithoutAnswer,
  type FakeProvider,
  head,
  refusedPort,
  startFakeProvider,
  whole,
  write,
} from '../support/fake-provider.ts'
import { type CommandRun, runCommand } from '../support/run-command.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
beforeEach(() => {
  proxy.requests.length = 0
  proxy.answer(whole(200, anAnswer()))
})
afterAll(() => proxy.close())

const run = (...argv: string[]) => runAt(proxy.url, ...argv)
const runAt = (url: string, ...argv: string[]): Promise<CommandRun> =>
  runCommand(Health, ['--url', url, ...argv], { HOME: '/nowhere', LLMPROXY_HOME: '/nowhere', TZ: 'UTC' })

describe('health', () => {
  it('asks for the health and prints it', async () => {
    const { stdout, stderr, exitCode, error } = await run('--api-key', 'lp_abc')
    expect({ stderr, exitCode, error }).toEqual({ stderr: '', exitCode: 0, error: undefined })
    expect(stdout.split('\n')[0]).toBe(
      `● ok: llmproxy 0.1.0 at ${proxy.url}, up 3h12m, 2 of 2 endpoints healthy`,
    )
    expect(stdout).toContain('●  openai     ok     healthy           0       0\n')
    expect(
      proxy.requests.map(({ method, url, headers }) => [method, url, headers['x-llmproxy-key']]),
    ).toEqual([['GET', '/internal/health', 'lp_abc']])
  })

  it('on a narrow terminal says on stderr what had no room', async () => {
    const { isTTY, columns } = process.stdout
    Object.assign(process.stdout, { isTTY: true, columns: 80 })
    try {
      const { stdout, stderr } = await run()
      expect(stderr).toBe('hidden: USED BY (widen the terminal, or use --json)\n')
      expect(stdout).not.toContain('USED BY')
    } finally {
      Object.assign(process.stdout, { isTTY, columns })
    }
  })

  it('as JSON is what the proxy said, and nothing else', async () => {
    const said = { ...aBadDay(), more: { to: ['come'] } }
    proxy.answer(whole(200, said))
    const { stdout, stderr } = await run('--json')
    expect(stdout).toBe(`${JSON.stringify(said, null, 2)}\n`)
    expect(stderr).toBe('')
  })

  it.each([
    ['ok', 0, 0],
    ['degraded', 0, 1],
    ['down', 1, 2],
    ['asleep', 0, 3],
  ])(
    'of status %s exits with %i, with --exit-code %i, with --json likewise',
    async (status, plain, refined) => {
      proxy.answer(whole(200, anAnswer({ status })))
      for (const json of [[], ['--json']]) {
        expect((await run(...json)).exitCode).toBe(plain)
        expect((await run('--exit-code', ...json)).exitCode).toBe(refined)
      }
    },
  )

  it('--check has everything checked first, and says how long that took', async () => {
    proxy.answer(({ method }) => whole(method === 'POST' ? 202 : 200, method === 'POST' ? {} : anAnswer()))
    const { stderr, exitCode } = await run('--check')
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^all endpoints checked in \d+(\.\d)? m?s\n$/)
    expect(proxy.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /internal/health/check',
      'GET /internal/health',
    ])
    const { stdout, stderr: silence } = await run('--check', '--json')
    expect(JSON.parse(stdout)).toEqual(anAnswer())
    expect(silence).toBe('')
  })
})

describe('health without an answer', () => {
  it('says how to start a proxy; that is code 3, and with --exit-code 2', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}`
    for (const [argv, code] of [
      [[], 3],
      [['--exit-code'], 2],
      [['--check'], 3],
      // A proxy that was never there is no outage to wait out.
      [['--watch'], 3],
    ] as const) {
      const { stdout, stderr, exitCode } = await runAt(url, ...argv)
      expect({ stdout, stderr, exitCode }).toEqual({
        stdout: '',
        stderr: `error: no proxy answers at ${url}\n  try: llmproxy serve\n`,
        exitCode: code,
      })
      const json = await runAt(url, ...argv, '--json')
      expect(json.exitCode).toBe(code)
      expect(JSON.parse(json.stdout)).toEqual({
        error: { code: 'ECONNREFUSED', message: `no proxy answers at ${url}` },
      })
    }
  })

  it.each([
    ['JSON of something else', whole(200, { hello: 'world' }), 'is no llmproxy'],
    ['what many programs say of themselves', whole(200, { status: 'ok' }), 'is no llmproxy'],
    ['no JSON', whole(200, '<html>'), 'is no llmproxy'],
    ['404', whole(404, 'not found'), 'is no llmproxy (404)'],
    [
      'an access key wanted',
      whole(401, { error: { message: 'an access key is wanted' } }),
      'an access key is wanted',
    ],
    [
      'another role wanted',
      whole(403, { error: { message: 'this needs an admin key' } }),
      'this needs an admin key',
    ],
    ['a fault of its own', whole(500, { error: { message: 'it broke' } }), 'it broke'],
  ])(
    '%s: says so; that is code 3, and not what is said of a proxy that is down',
    async (_, answer, words) => {
      proxy.answer(answer)
      for (const json of [[], ['--json']]) {
        const { stdout, stderr, exitCode } = await run('--exit-code', ...json)
        expect(json.length > 0 ? stdout : stderr).toContain(words)
        expect(exitCode).toBe(3)
        expect((await run(...json)).exitCode).toBe(3)
        expect((await run('--check', ...json)).exitCode).toBe(3)
      }
    },
  )

  it('an answer that breaks off is none', async () => {
    const body = JSON.stringify(anAnswer())
    const length = { 'content-length': String(body.length) }
    for (const status of [200, 503]) {
      proxy.answer([head(status, length), write(body.slice(0, 40)), closeWithoutAnswer()])
      const { stderr, exitCode } = await run()
      expect(stderr).toContain(`no proxy answers at ${proxy.url}`)
      expect(exitCode).toBe(3)
    }
  })

  it.each([
    [['--watch', '0.1'], '--watch takes 0.2 to 3600 seconds, not "0.1"'],
    [['--watch', '--exit-code'], '--exit-code'],
    [['--url', 'nonsense'], '--url must be an address'],
    [['--exit-code', '--url', 'nonsense'], '--url must be an address'],
    [['--chek'], 'unknown flag --chek; did you mean --check?'],
  ])('%j is wrong usage', async (argv, words) => {
    const { stdout, stderr, exitCode } = await runCommand(Health, argv, { HOME: '/nowhere' })
    expect(stderr).toContain(words)
    expect([stdout, exitCode]).toEqual(['', 2])
  })
})
