import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import Top from '../../src/commands/top.ts'
import { type FakeProvider, refusedPort, startFakeProvider, whole } from '../support/fake-provider.ts'
import { type CommandRun, runCommand } from '../support/run-command.ts'
import { anExchange, aQuietSnapshot, aSnapshot } from '../tui/a-snapshot.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
beforeEach(() => {
  proxy.requests.length = 0
  proxy.answer(whole(200, aSnapshot()))
})
afterAll(() => proxy.close())

const env = { HOME: '/nowhere', LLMPROXY_HOME: '/nowhere', TZ: 'UTC' }
const run = (...argv: string[]): Promise<CommandRun> => runCommand(Top, ['--url', proxy.url, ...argv], env)

describe('top', () => {
  it('in a pipe prints one picture as plain text, 120 columns wide', async () => {
    const { stdout, stderr, exitCode, error } = await run('--api-key', 'lp_abc')
    expect({ stderr, exitCode, error }).toEqual({ stderr: '', exitCode: undefined, error: undefined })
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(
      new RegExp(`^ llmproxy top {2}${new URL(proxy.url).host} .*● live 1s {2}1 in flight`),
    )
    for (const panel of [
      'Traffic',
      'Latency',
      'Cost',
      'Backends',
      'In flight 1',
      'Recent',
      'Sessions 1 · Issues 1',
    ]) {
      expect(stdout).toContain(`─ ${panel} `)
    }
    expect(stdout).not.toContain('\u001b')
    expect(Math.max(...lines.map((line) => [...line].length))).toBe(120)
    expect(
      proxy.requests.map(({ method, url, headers }) => [method, url, headers['x-llmproxy-key']]),
    ).toEqual([['GET', '/internal/live?limit=100', 'lp_abc']])
  })

  it('--once does so on a terminal too, as wide as that', async () => {
    const before = { in: process.stdin.isTTY, out: process.stdout.isTTY, columns: process.stdout.columns }
    Object.assign(process.stdin, { isTTY: true })
    Object.assign(process.stdout, { isTTY: true, columns: 80 })
    try {
      const { stdout } = await run('--once')
      expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBe(80)
      expect(stdout).not.toContain('\u001b')
    } finally {
      Object.assign(process.stdin, { isTTY: before.in })
      Object.assign(process.stdout, { isTTY: before.out, columns: before.columns })
    }
  })

  it('in a pipe is as large as COLUMNS and LINES say', async () => {
    const { stdout } = await runCommand(Top, ['--url', proxy.url], { ...env, COLUMNS: '80', LINES: '24' })
    expect(stdout.trimEnd().split('\n')).toHaveLength(23)
  })

  it('--json is what the proxy said, and nothing else', async () => {
    const said = { ...aSnapshot(), more: ['to come'] }
    proxy.answer(whole(200, said))
    const { stdout, stderr } = await run('--json')
    expect([JSON.parse(stdout), stderr]).toEqual([said, ''])
  })

  it('--demo needs no proxy, and says that it is one', async () => {
    const { stdout, stderr, exitCode } = await runCommand(Top, ['--demo'], env)
    expect([stderr, exitCode]).toEqual(['', undefined])
    expect(stdout.split('\n')[0]).toContain('  demo  ')
    expect(stdout).toMatch(/stalled +backend 2\ds/)
    expect(proxy.requests).toEqual([])
    const json = JSON.parse((await runCommand(Top, ['--demo', '--json'], env)).stdout)
    expect(json.version).toBe('demo')
  })

  it('without traffic prints what connects a client, and never the access key', async () => {
    proxy.answer(whole(200, aQuietSnapshot()))
    const { stdout } = await runCommand(Top, ['--url', proxy.url, '--api-key', 'lp_secret'], {
      ...env,
      COLUMNS: '300',
    })
    expect(stdout).toContain(`export ANTHROPIC_BASE_URL=${proxy.url}`)
    expect(stdout).toContain('$LLMPROXY_API_KEY')
    expect(stdout).not.toContain('lp_secret')
  })

  it('shows nothing that a terminal obeys', async () => {
    proxy.answer(
      whole(200, aSnapshot({ in_flight: [anExchange({ client_app: '\u001b]0;evil\u0007\u202e' })] })),
    )
    expect((await run()).stdout).not.toMatch(/[\u001b\u0007\u202e]/)
  })
})

describe('top without an answer', () => {
  it('says how to start a proxy; that is code 3', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}`
    for (const argv of [[], ['--once']]) {
      expect(await runCommand(Top, ['--url', url, ...argv], env)).toMatchObject({
        ...{ stdout: '', exitCode: 3 },
        stderr: `error: no proxy answers at ${url}\n  try: llmproxy serve\n`,
      })
    }
    const { stdout, exitCode } = await runCommand(Top, ['--url', url, '--json'], env)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'ECONNREFUSED', message: `no proxy answers at ${url}` },
    })
    expect(exitCode).toBe(3)
  })

  it.each([
    ['JSON of something else', whole(200, { hello: 'world' }), 'is no llmproxy that top can read'],
    ['no JSON', whole(200, '<html>'), 'is no llmproxy that top can read'],
    ['404', whole(404, 'not found'), 'is no llmproxy (404)'],
    [
      'an access key wanted',
      whole(401, { error: { message: 'an access key is wanted' } }),
      'an access key is wanted',
    ],
  ])('%s: says so; that is code 3', async (_, answer, words) => {
    proxy.answer(answer)
    const { stderr, exitCode } = await run()
    expect(stderr).toContain(words)
    expect(exitCode).toBe(3)
  })

  it.each([
    [['--interval', '0.1'], '--interval takes 0.2 to 60 seconds, not "0.1"'],
    [['--interval', 'often'], '--interval takes 0.2 to 60 seconds'],
    [['--interval', '61'], '--interval takes 0.2 to 60 seconds'],
    [['--demo'], '--url'],
    [['--onec'], 'did you mean --once?'],
  ])('%j is wrong usage', async (argv, words) => {
    const { stdout, stderr, exitCode } = await run(...argv)
    expect(stderr).toContain(words)
    expect([stdout, exitCode]).toEqual(['', 2])
  })
})
