import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import ReplacementMetrics from '../../../src/commands/replacement/metrics.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { anAnswer, anEmptyAnswer } from '../../cli/replacement/metrics-answers.ts'
import { aRecord } from '../../support/a-record.ts'
import { type FakeProvider, refusedPort, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { type CommandRun, runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
beforeEach(() => {
  proxy.requests.length = 0
  proxy.answer(whole(200, anAnswer()))
})
afterAll(() => proxy.close())

const env = { HOME: '/nowhere', LLMPROXY_HOME: '/nowhere', TZ: 'UTC' }
const run = (...argv: string[]): Promise<CommandRun> =>
  runCommand(ReplacementMetrics, ['--url', proxy.url, ...argv], env)

describe('replacement metrics', () => {
  it('asks the proxy and prints what it says', async () => {
    const { stdout, stderr, exitCode, error } = await run('--api-key', 'lp_abc', '--utc')
    expect({ stderr, exitCode, error }).toEqual({ stderr: '', exitCode: undefined, error: undefined })
    expect(stdout.split('\n')[0]).toBe(
      '● on: 20% of the rolls win, 3 turns a window, 2 rules; counted since 2026-11-27 14:20 (UTC), 3h12m',
    )
    expect(stdout).toContain('\nRolls        690 in 120 sessions, 19.4% won, 20% configured\n')
    expect(stdout).not.toContain('\u001b')
    expect(proxy.requests.map(({ url, headers }) => [url, headers['x-llmproxy-key']])).toEqual([
      ['/v1/replacement/metrics', 'lp_abc'],
    ])
  })

  it('takes a period as the usage commands do, and says which', async () => {
    const { stdout } = await run('--since', '7d', '--until', '2026-11-27', '--time-zone', 'Europe/Berlin')
    expect(stdout).toContain('\nEffectiveness, since 7d ago until 2026-11-27 (Europe/Berlin)\n')
    expect(stdout).toContain('counted since 2026-11-27 15:20 (Europe/Berlin)')
    const { searchParams } = new URL(proxy.requests[0]!.url, proxy.url)
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ start_date: '7d', end_date: '2026-11-27', time_zone: 'Europe/Berlin' },
    })
  })

  it('as JSON is what the proxy said, and nothing else', async () => {
    const said = anEmptyAnswer({ more: { to: ['come'] } })
    proxy.answer(whole(200, said))
    const { stdout, stderr } = await run('--json')
    expect(stdout).toBe(`${JSON.stringify(said, null, 2)}\n`)
    expect(stderr).toBe('')
  })

  it('that is off says on stderr how to turn it on', async () => {
    proxy.answer(whole(200, anEmptyAnswer()))
    const { stdout, stderr, exitCode } = await run()
    expect(stdout).toMatch(/^○ off: /)
    expect(stderr).toBe('to turn it on: replacement in the configuration; or see llmproxy serve --help\n')
    expect(exitCode).toBeUndefined()
  })

  it.each([
    [['--watch', '0.1'], '--watch takes 0.2 to 3600 seconds, not "0.1"'],
    [['--url', 'nonsense'], '--url must be an address'],
    [['--url', 'http://127.0.0.1:9', '--file', 'usage.db'], '--file'],
    [['--time-zone', 'Mars/Base'], '"Mars/Base"'],
    [['--utc', '--time-zone', 'UTC'], '--time-zone'],
    [['--sicne', '7d'], 'unknown flag --sicne; did you mean --since?'],
  ])('%j is wrong usage', async (argv, words) => {
    const { stdout, stderr, exitCode } = await runCommand(ReplacementMetrics, argv, env)
    expect(stderr).toContain(words)
    expect([stdout, exitCode]).toEqual(['', 2])
  })

  it.each([
    [400, '"start_date" is no date', 2],
    [401, 'an access key is wanted', 3],
    [500, 'the ledger fails', 1],
  ])('that is refused with %i says why, and exits with its code', async (status, message, code) => {
    proxy.answer(whole(status, { error: { message } }))
    const { stdout, stderr, exitCode } = await run()
    expect([stdout, exitCode]).toEqual(['', code])
    expect(stderr).toContain(`error: ${message}\n`)
    const json = await run('--json')
    expect(json.exitCode).toBe(code)
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { message } })
  })

  it('of a proxy that was named and is not there says how to start one: code 3, watched or not', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}`
    for (const watch of [[], ['--watch']]) {
      const argv = ['--url', url, ...watch]
      expect(await runCommand(ReplacementMetrics, argv, env)).toMatchObject({
        ...{ stdout: '', stderr: `error: no proxy answers at ${url}\n  try: llmproxy serve\n`, exitCode: 3 },
      })
    }
  })
})

const rule = 'gpt-4o=local:qwen3-coder'

/** So many sessions with a request each, on the 10th of November. */
const requestsOf = (sessions: number, decision: 'replaced' | 'lost_roll', changed: Partial<UsageRecord>) =>
  Array.from({ length: sessions }, (_, index) =>
    aRecord({
      ...{ session_id: `s_${decision}_${index}`, replaced: decision === 'replaced' },
      ...{ replacement: { rule, decision }, ...changed },
    }),
  )

describe('replacement metrics of a ledger', () => {
  let home: string
  let ledger: string
  beforeAll(async () => {
    home = tempFolder()
    ledger = join(home, 'usage.db')
    const store = openStore(ledger, {
      ...{ readOnly: false, machine: 'here', mostRecords: 1e6, flushIntervalMs: 1_000, onNotice: () => {} },
    })
    await store.prepare()
    const records = [
      ...requestsOf(30, 'replaced', { cost_usd: 0.01, ttft_ms: 200, tool_call_count: 1 }),
      ...requestsOf(40, 'lost_roll', { cost_usd: 0.03, ttft_ms: 500 }),
      // In October nobody was replaced.
      ...requestsOf(1, 'lost_roll', { timestamp: '2026-10-10T12:00:00.000Z', cost_usd: 9 }),
    ]
    await store.append({ id: 'o_1', pid: process.pid, machine: 'here' }, { records, opened: [], ended: [] })
    await store.close()
  })

  const read = (...argv: string[]) => runCommand(ReplacementMetrics, argv, { ...env, LLMPROXY_HOME: home })

  it('that is named are what came of it; the rest is null', async () => {
    const november = ['--file', ledger, '--since', '2026-11-01', '--utc']
    const { stdout, stderr, exitCode } = await read(...november, '--json')
    expect([stderr, exitCode]).toEqual(['', undefined])
    const { effectiveness, ...others } = JSON.parse(stdout)
    expect(new Set(Object.values(others))).toEqual(new Set([null]))
    expect(effectiveness).toHaveLength(1)
    expect(effectiveness[0]).toMatchObject({
      ...{ from: 'gpt-4o', to: 'local:qwen3-coder', enough_data: true },
      replaced: { requests: 30, error_rate: 0, ttft_p50_ms: 200, cost_per_request: 0.01, tool_call_rate: 1 },
      baseline: { requests: 40, error_rate: 0, ttft_p50_ms: 500, cost_per_request: 0.03, tool_call_rate: 0 },
      difference: { ttft_p50_ms: -300, cost_per_request: expect.closeTo(-0.02, 9), tool_call_rate: 1 },
    })
    expect(effectiveness[0].cost_saved).toBeCloseTo(0.6, 6)
    const printed = await read(...november)
    expect(printed.stderr).toBe('')
    expect(printed.stdout).toMatchInlineSnapshot(`
      "○ read from a ledger: settings, activations, turns, opt-outs and rolls are known to a running proxy only

      Effectiveness, since 2026-11-01 (UTC)
      REPLACED: by the other model. ASKED FOR: of the same rule, its roll lost.

      ● gpt-4o → local:qwen3-coder
                              REPLACED  ASKED FOR  DIFFERENCE
        requests                    30         40
        failed                      0%         0%    0 points
        TTFT p50                200 ms     500 ms     -300 ms
        time p50                911 ms     911 ms        0 ms
        tokens a request           119        119           0
        cost a request         $0.0100    $0.0300    -$0.0200
        tool calls a request         1          0          +1
        saved $0.6000 in all; 95%: -$0.0200 to -$0.0200 a request
      "
    `)
  })

  it('take all of it without a period', async () => {
    const { stdout } = await read('--file', ledger, '--json')
    expect(JSON.parse(stdout).effectiveness[0].baseline.requests).toBe(41)
  })

  it('that is configured are read where no proxy runs, which is said', async () => {
    const port = await refusedPort()
    const config = join(home, 'config.yaml')
    writeFileSync(config, `port: ${port}\nusage_tracking: {persistence_path: ${ledger}}\n`)
    const { stdout, stderr, exitCode } = await read('--config', config, '--since', '2026-11-01')
    expect(stderr).toBe(`no proxy runs at http://127.0.0.1:${port}; this is read from ${ledger}\n`)
    expect(stdout).toMatch(/^○ read from a ledger: .*\n\nEffectiveness, since 2026-11-01 \(UTC\)\n/)
    expect(exitCode).toBeUndefined()
    const { stdout: json, stderr: silence } = await read('--config', config, '--json')
    expect(JSON.parse(json)).toMatchObject({ enabled: null, effectiveness: [{ from: 'gpt-4o' }] })
    expect(silence).toBe('')
  })

  it('that is not there, or asked for what is no date, are a failure', async () => {
    const missing = await read('--file', join(home, 'missing.db'))
    expect([missing.stdout, missing.exitCode]).toEqual(['', 1])
    expect(missing.stderr).toContain('missing.db')
    const { stdout, stderr, exitCode } = await read('--file', ledger, '--since', 'yestreday')
    expect(stdout).toBe('')
    expect(stderr).toMatch(/"start_date" is no date: "yestreday"/)
    expect(exitCode).toBe(1)
  })
})
