import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import UsageReconcile from '../../../src/commands/usage/reconcile.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { runCommand } from '../../support/run-command.ts'
import { startTestProxy } from '../../support/start-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { faults } from '../../usage/reconcile/truth/faults.ts'
import { dailyCsv, dailyMap, openRouterCsv } from '../../usage/reconcile/truth/invoices.ts'
import { aWorld, type Draw, recordsOf, type World } from '../../usage/reconcile/truth/world.ts'

/** The same numbers at each run. */
function drawing(): Draw {
  let state = 43
  return (min, max) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return min + Math.floor((state / 2 ** 31) * (max - min + 1))
  }
}

async function ledgerFile(path: string, records: readonly UsageRecord[]): Promise<void> {
  const store = openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1e6, flushIntervalMs: 1_000, onNotice: () => {} },
  })
  const withIds = records.map((record, index) => ({
    ...record,
    id: `x_${(index + 1).toString(32).padStart(20, '0')}`,
  }))
  await store.prepare()
  await store.append(
    { id: 'o_1', pid: process.pid, machine: 'here' },
    { records: withIds, opened: [], ended: [] },
  )
  await store.close()
}

/** A folder with a ledger and an invoice of four days. */
async function folderWith(change: (world: World, draw: Draw) => void, csvOf = openRouterCsv) {
  const folder = tempFolder()
  const draw = drawing()
  const world = aWorld(draw, { days: 4 })
  change(world, draw)
  const [invoice, ledger] = [join(folder, 'invoice.csv'), join(folder, 'usage.db')]
  writeFileSync(invoice, csvOf(world))
  await ledgerFile(ledger, recordsOf(world))
  const run = (...argv: string[]) =>
    runCommand(UsageReconcile, [invoice, '--file', ledger, ...argv], { LLMPROXY_HOME: folder })
  return { folder, invoice, run }
}

const planted = (world: World, draw: Draw) => {
  const [claude, gpt] = world.models
  faults.disconnects!(world, 0, claude!, draw)
  faults.retries!(world, 1, claude!, draw)
  faults.unpriced!(world, 2, gpt!, draw)
  faults.not_through_proxy!(world, 3, gpt!, draw)
  faults.crash!(world, 3, claude!, draw)
}

describe('llmproxy usage reconcile', () => {
  it('of an invoice that agrees says so and ends with 0', async () => {
    const { run } = await folderWith(() => {})
    const { stdout, stderr, exitCode } = await run()
    expect(exitCode).toBeUndefined()
    expect(stdout).toMatch(
      /^OpenRouter's activity, \d+ rows, against the ledger at openrouter: 2026-10-12 – 2026-10-15/,
    )
    expect(stdout).toMatch(/^2026-10-12 {2}claude-sonnet-4\.5 .* 0 .*agrees$/m)
    expect(stdout).toMatch(/\nall 8 days and models agree within 0\.5%\n$/)
    expect(stderr).toMatch(/^\d+ attempts through a plan left out: a plan bills no tokens\n$/)
  })

  it('of one that does not names the likely cause of each difference, and ends with 1', async () => {
    const { run } = await folderWith(planted)
    const { stdout, exitCode } = await run()
    expect(exitCode).toBe(1)
    const causes = stdout.split('\n').flatMap((line) => {
      const [, day, cause] = /^2026-10-(\d\d) .* (\w+)$/.exec(line) ?? []
      return day === undefined || cause === 'agrees' ? [] : [`${day} ${cause}`]
    })
    expect(causes).toEqual([
      '12 disconnects',
      '13 retries',
      '14 unpriced',
      '15 crash',
      '15 not_through_proxy',
    ])
    expect(stdout).toContain('5 of 8 days and models are off by more than 0.5%')
    expect(stdout).toMatch(
      /^unpriced {2}.* in 1 row\n {2}4 exchanges have no price in the ledger; add one under/m,
    )
    expect(stdout).not.toContain('\u001b')
  })

  it('with --json prints the report and nothing else, with the same exit code', async () => {
    const { run } = await folderWith(planted)
    const { stdout, stderr, exitCode } = await run('--json', '--tolerance', '0')
    expect([exitCode, stderr]).toEqual([1, ''])
    const report = JSON.parse(stdout)
    expect(Object.keys(report)).toEqual([
      ...[
        'invoice',
        'ledger',
        'period',
        'tolerance_percent',
        'within_tolerance',
        'invoice_utc_offsets',
        'models',
      ],
      ...['rows', 'total', 'causes'],
    ])
    expect(report).toMatchObject({
      period: { since: '2026-10-12', until: '2026-10-15', time_zone: 'UTC' },
      ...{ tolerance_percent: 0, within_tolerance: false, total: { within_tolerance: false } },
    })
    expect(report.rows[0]).toMatchObject({
      ...{ date: '2026-10-12', model: 'claude-sonnet-4.5', causes: [{ cause: 'disconnects', share: 1 }] },
    })
  })

  it('finds the hour at which the days begin; asked so, all agrees', async () => {
    const csvOf = (world: World) => dailyCsv(world, { offset: 5, style: 'german' })
    const { run } = await folderWith(() => {}, csvOf)
    const asked = ['--map', dailyMap.german, '--backend', 'openrouter.main']
    const { stdout, exitCode } = await run(...asked)
    const [, zone = ''] = /ask again with --time-zone (\S+)\.$/m.exec(stdout) ?? []
    expect([exitCode, zone]).toEqual([1, 'Etc/GMT-5'])
    const again = await run(...asked, '--time-zone', zone)
    expect(again.exitCode).toBeUndefined()
    expect(again.stdout).toContain('all 8 days and models agree')
  })

  it('compares the period and the backend that are asked for', async () => {
    const { run } = await folderWith(planted)
    const day = await run('--since', '2026-10-13', '--until', '2026-10-13')
    expect(day.stdout).toContain(': 2026-10-13 (UTC)')
    expect(day.stdout.match(/^2026-10-/gm)).toHaveLength(2)
    const { stdout } = await run('--backend', 'nobody')
    expect(stdout).toContain('8 of 8 days and models are off')
    expect(stdout).toMatch(/^not_through_proxy {2}100% of what is off/m)
  })

  it('asks the proxy that runs', async () => {
    const proxy = await startTestProxy({ ledger: true })
    const folder = tempFolder()
    const invoice = join(folder, 'invoice.csv')
    writeFileSync(invoice, 'day,tokens\n2026-11-03,12\n')
    const run = await runCommand(
      UsageReconcile,
      [invoice, '--map', 'date=day,tokens=tokens', '--url', proxy.url],
      { LLMPROXY_HOME: folder },
    )
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/^2026-11-03 {2}all models .*not_through_proxy$/m)
  })
})

describe('llmproxy usage reconcile, asked wrongly,', () => {
  async function ends(text: string | null, ...argv: string[]) {
    const folder = tempFolder()
    const file = join(folder, 'invoice.csv')
    if (text !== null) writeFileSync(file, text)
    const ledger = join(folder, 'usage.db')
    await ledgerFile(ledger, [])
    const { exitCode, stderr, stdout } = await runCommand(UsageReconcile, [file, '--file', ledger, ...argv], {
      LLMPROXY_HOME: folder,
    })
    return { exitCode, stdout, stderr: stderr.replaceAll(file, 'invoice.csv') }
  }
  const map = ['--map', 'date=day,tokens=tokens']

  it.each<[string, string | null, string[], number, string]>([
    ['no such file', null, map, 1, 'error: there is no file invoice.csv\n'],
    ['an empty file', '', map, 1, 'error: invoice.csv: the file is empty\n'],
    ['no rows', 'day,tokens\n', map, 1, 'error: invoice.csv: the file has a header and no rows\n'],
    [
      'a broken line',
      'day,tokens\n2026-11-03,1\n2026-11-04\n',
      map,
      1,
      'error: invoice.csv: line 3 has 1 fields',
    ],
    ['no number', 'day,tokens\n2026-11-03,many\n', map, 1, 'line 2: tokens is "many", no number'],
    [
      'unknown columns',
      'day,tokens\n2026-11-03,1\n',
      [],
      2,
      'try: llmproxy usage reconcile invoice.csv --map date=day',
    ],
    ['a misspelt column', 'day,tokens\n', ['--map', 'date=dya,tokens=tokens'], 2, 'did you mean "day"?'],
    ['no zone', 'day,tokens\n', [...map, '--time-zone', 'Berlin'], 2, '"Berlin" is no time zone'],
    ['no date', 'day,tokens\n', [...map, '--since', 'soon'], 2, '"since" is no date'],
    [
      'no percentage',
      'day,tokens\n',
      [...map, '--tolerance', 'much'],
      2,
      '--tolerance is a percentage from 0 to 100',
    ],
    [
      'more than all',
      'day,tokens\n',
      [...map, '--tolerance', '101'],
      2,
      '--tolerance is a percentage from 0 to 100',
    ],
    ['an unknown flag', 'day,tokens\n', [...map, '--tolerence', '1'], 2, 'did you mean --tolerance?'],
    [
      'nothing there',
      'day,tokens\n2026-11-03,1\n',
      [...map, '--since', '2026-12-01', '--until', '2026-12-02'],
      3,
      'neither the invoice nor',
    ],
  ])('%s, says what is wrong', async (_, text, argv, exitCode, message) => {
    const run = await ends(text, ...argv)
    expect(run.stderr).toContain(message)
    expect([run.exitCode, run.stdout]).toEqual([exitCode, ''])
  })

  it('with a folder says that it is one', async () => {
    const folder = join(tempFolder(), 'bills')
    mkdirSync(folder)
    const run = await runCommand(UsageReconcile, [folder, ...map], { LLMPROXY_HOME: folder })
    expect(run).toMatchObject({ exitCode: 1, stderr: `error: ${folder} is a folder, not a file\n` })
  })

  it('without a proxy where one was named ends with 3', async () => {
    const folder = tempFolder()
    const file = join(folder, 'invoice.csv')
    writeFileSync(file, 'day,tokens\n2026-11-03,1\n')
    const run = await runCommand(UsageReconcile, [file, ...map, '--url', 'http://127.0.0.1:9', '--json'], {
      LLMPROXY_HOME: folder,
    })
    expect(run.exitCode).toBe(3)
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: { message: 'no proxy answers at http://127.0.0.1:9' },
    })
  })
})
