import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import UsageRecent from '../../../src/commands/usage/recent.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { anEntry, aRecord } from '../../support/a-record.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const begin = Date.parse('2026-11-10T12:00:00Z')

const kinds: Partial<UsageRecord>[] = [
  { model: 'claude-sonnet-4-5', requested_model: 'sonnet', backend_instance_id: 'anthropic', ttft_ms: 4_000 },
  { http_status_code: 502, outcome: 'error', error_type: 'backend_error', ttft_ms: null, cost_usd: null },
  { tool_names: ['Bash', 'Edit'], tool_call_count: 5, client_app: 'codex', tags: { project: 'web' } },
  {
    attempts: 2,
    attempt_log: [anEntry({}, { backend_instance_id: 'azure', backend_type: 'azure' }), anEntry()],
    cost_usd: 1.25,
    backend_reported_usage: { prompt_tokens: 150_000, completion_tokens: 21 },
  },
  { proxy_user: 'ann', replaced: true, tokens_source: 'count', mutated_prompt_tokens: 120_000 },
]

let ledger: string
let home: string
beforeAll(async () => {
  home = tempFolder()
  ledger = join(home, 'usage.db')
  const store = openStore(ledger, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1e6, flushIntervalMs: 1_000, onNotice: () => {} },
  })
  await store.prepare()
  // More than a page, and the newest is of the first kind.
  const records = Array.from({ length: 1_500 }, (_, index) =>
    aRecord({
      id: `x_${(index + 1).toString(32).padStart(20, '0')}`,
      timestamp: new Date(begin + index * 1_000).toISOString(),
      turn_number: index,
      ...kinds[(1_499 - index) % kinds.length],
    }),
  )
  await store.append({ id: 'o_1', pid: process.pid, machine: 'here' }, { records, opened: [], ended: [] })
  await store.close()
})

const run = (...argv: string[]) =>
  runCommand(UsageRecent, ['--file', ledger, ...argv], { LLMPROXY_HOME: home, TZ: 'UTC' })

async function turnsOf(filter: string, ...argv: string[]): Promise<number[]> {
  const { stdout, stderr, exitCode } = await run('--json', '--filter', filter, ...argv)
  expect([exitCode, stderr]).toEqual([undefined, ''])
  return (JSON.parse(stdout) as { records: UsageRecord[] }).records.map((record) => record.turn_number ?? -1)
}

describe('usage recent --filter', () => {
  it.each([
    ['sonnet', [1_499, 1_494]],
    ['~tool bash tag=project=web', [1_497, 1_492]],
    // Far behind the first page.
    ['turn<6 ttft>2s', [4]],
  ])('finds the newest that are meant: %s', async (filter, turns) => {
    expect(await turnsOf(filter, '--limit', '2')).toEqual(turns)
  })

  it('goes with the other flags', async () => {
    const both = ['--model', 'gpt-4o', '--until', '2026-11-10T12:10:00Z', '--limit', '3']
    expect(await turnsOf('~backend azure | ~e', ...both)).toEqual([598, 596, 593])
  })

  it('prints the same lines as without it', async () => {
    const { stdout } = await run('--filter', '~e', '--limit', '2')
    const all = (await run('--limit', '7')).stdout.split('\n')
    expect(stdout.split('\n').map((line) => line.split(/ +/))).toEqual(
      [all[0], all[2], all[7], ''].map((line) => line!.split(/ +/)),
    )
  })

  it('gives JSON that says whether it went through all', async () => {
    const json = async (limit: string) =>
      JSON.parse((await run('--json', '--filter', '~e', '--limit', limit)).stdout)
    expect(await json('2')).toMatchObject({ total: null, limit: 2, next_cursor: null, has_more: true })
    expect(await json('1000')).toMatchObject({ total: 300, limit: 1_000, next_cursor: null, has_more: false })
  })

  it('says that nothing matches, and of how many', async () => {
    const { stdout, stderr, exitCode } = await run('--filter', 'cost>100')
    expect([stdout, exitCode]).toEqual(['', undefined])
    expect(stderr).toBe('none of 1,500 exchanges matches the filter\n')
  })

  it('is wrong usage where it cannot be understood, and marks the place', async () => {
    const { stdout, stderr, exitCode } = await run('--filter', 'sonnet & statsu>=500')
    expect([stdout, exitCode]).toEqual(['', 2])
    expect(stderr).toBe(
      [
        'error: --filter: a usage record has no "statsu"; did you mean status?',
        '    sonnet & statsu>=500',
        '             ^^^^^^',
        '  try: llmproxy usagerecent --help',
        '',
      ]
        .join('\n')
        .replace('usagerecent', 'usage recent'),
    )
    const json = await run('--json', '--filter', '~b hello')
    expect(json.exitCode).toBe(2)
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { code: 'bad_filter', message: expect.stringContaining('~b cannot be asked of a usage record') },
    })
  })

  it('refuses what no record can have, instead of finding nothing', async () => {
    for (const filter of [
      '~b x',
      '~h x',
      '~u x',
      '~m post',
      '~t json',
      '~d host',
      '~leg ctp',
      '~issue x',
      '~q !~bs x',
    ]) {
      const { stderr, exitCode } = await run('--filter', filter)
      expect([filter, exitCode]).toEqual([filter, 2])
      expect(stderr).toMatch(/can be asked: ~all, ~c CODE, ~e, ~q, ~s, ~x ID, ~model PATTERN,\n {4}~backend/)
    }
    expect((await run('--filter', 'purpose=count_tokens')).stderr).toMatch(/purpose is never "count_tokens"/)
  })
})
