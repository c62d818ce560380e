import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatsAnswer, StatsNumbers } from '../../../src/cli/usage/stats-shape.ts'
import UsageStats from '../../../src/commands/usage/stats.ts'
import { type FakeProvider, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { type CommandRun, runCommand } from '../../support/run-command.ts'

const day = (changed: Partial<StatsNumbers>): StatsNumbers => ({
  request_count: 12_345,
  error_rate: 0.0213,
  rejected_count: 3,
  billed_prompt_tokens: 1_234_567_890,
  billed_completion_tokens: 98_765_432,
  estimated_requests: 0,
  total_tool_calls: 4_321,
  total_cost: 12_345.67,
  list_cost: 0,
  unpriced_requests: 0,
  cache_hit_ratio: 0.615,
  unique_sessions: 1_234,
  ttft_stats: { p50_ms: 410, p95_ms: 12_900 },
  duration_stats: { p50_ms: 4_100, p95_ms: 3_724_000 },
  ...changed,
})

const full: StatsAnswer = {
  ...day({ request_count: 12_390, unpriced_requests: 41, estimated_requests: 3 }),
  groups: [
    { day: '2026-11-22', ...day({}) },
    { day: '2026-11-21', ...day({ request_count: 41, total_cost: 0, unpriced_requests: 41 }) },
    { day: '2026-11-20', ...day({ request_count: 4, total_cost: 0.000_067, estimated_requests: 3 }) },
  ],
  filters: { start_date: '2026-11-16T12:04:00.000Z', end_date: '2026-11-23T12:03:59.999Z', time_zone: 'UTC' },
  filters_without_match: [],
}
const of = (changed: Partial<StatsNumbers>, ...filters_without_match: string[]): StatsAnswer => ({
  ...{ ...day(changed), groups: [], filters: full.filters, filters_without_match },
})
const empty = of({ request_count: 0, unique_sessions: 0, total_cost: 0 }, 'backend=openai')

let api: FakeProvider
beforeAll(async () => {
  api = await startFakeProvider()
})
afterAll(() => api.close())

/** `llmproxy usage stats --backend openai`, in a terminal of so many columns; null: in a pipe. */
async function stats(answer: StatsAnswer, columns: number | null, ...more: string[]): Promise<CommandRun> {
  api.answer(whole(200, answer))
  const { isTTY, columns: before } = process.stdout
  Object.assign(process.stdout, { isTTY: columns !== null, columns: columns ?? undefined })
  try {
    const argv = ['--backend', 'openai', '--url', api.url, ...more]
    return await runCommand(UsageStats, argv, { HOME: '/nowhere', LLMPROXY_HOME: '/nowhere' })
  } finally {
    Object.assign(process.stdout, { isTTY, columns: before })
  }
}

describe('usage stats --backend openai', () => {
  it('asks for that backend, a day a line', async () => {
    await stats(full, null)
    const { pathname, searchParams } = new URL(api.requests.at(-1)?.url ?? '', api.url)
    expect(pathname).toBe('/v1/usage/stats')
    expect(searchParams.getAll('backend')).toEqual(['openai'])
    expect(searchParams.getAll('group_by')).toEqual(['day'])
  })

  it('at 80 columns', async () => {
    const { stdout, stderr, exitCode } = await stats(full, 80)
    expect(exitCode).toBeUndefined()
    expect(stdout).toMatchInlineSnapshot(`
      "Nov 16 12:04 – Nov 23 12:03 (UTC)

      DAY         REQUESTS  ERRORS  INPUT  CACHED  OUTPUT  TTFT p50        COST
      2026-11-22    12,345    2.1%   1.2G     62%   98.8M    410 ms  $12,345.67
      2026-11-21        41    2.1%   1.2G     62%   98.8M    410 ms           —
      2026-11-20         4    2.1%  ~1.2G     62%  ~98.8M    410 ms     $0.0001
      ─────────────────────────────────────────────────────────────────────────
      Total         12,390    2.1%  ~1.2G     62%  ~98.8M    410 ms  $12,345.67
      "
    `)
    expect(stderr).toMatchInlineSnapshot(`
      "~ 3 requests counted by us: their provider reported no usage
      41 requests without a known price; add it under usage_tracking.prices in the
      configuration
      hidden: TOOLS, SESSIONS, TTFT p95, TIME p95 (widen the terminal, or use --json)
      "
    `)
  })

  it('at 120 columns, and the same at 200 and in a pipe', async () => {
    const { stdout, stderr } = await stats(full, 120)
    expect(stdout).toMatchInlineSnapshot(`
      "Nov 16 12:04 – Nov 23 12:03 (UTC)

      DAY         REQUESTS  ERRORS  INPUT  CACHED  OUTPUT  TOOLS  SESSIONS  TTFT p50  TTFT p95  TIME p95        COST
      2026-11-22    12,345    2.1%   1.2G     62%   98.8M  4,321     1,234    410 ms    12.9 s     1h02m  $12,345.67
      2026-11-21        41    2.1%   1.2G     62%   98.8M  4,321     1,234    410 ms    12.9 s     1h02m           —
      2026-11-20         4    2.1%  ~1.2G     62%  ~98.8M  4,321     1,234    410 ms    12.9 s     1h02m     $0.0001
      ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
      Total         12,390    2.1%  ~1.2G     62%  ~98.8M  4,321     1,234    410 ms    12.9 s     1h02m  $12,345.67
      "
    `)
    expect(stderr).toMatchInlineSnapshot(`
      "~ 3 requests counted by us: their provider reported no usage
      41 requests without a known price; add it under usage_tracking.prices in the configuration
      "
    `)
    for (const wider of [200, null]) expect(await stats(full, wider)).toMatchObject({ stdout, stderr })
  })

  it.each([80, 120, 200])('cuts no number and drops no column unsaid at %i columns', async (columns) => {
    const [narrow, wide] = [await stats(full, columns), await stats(full, null)]
    const shown = narrow.stdout.split('\n')
    for (const line of shown) expect([...line].length).toBeLessThanOrEqual(columns)
    const words = (text: string) => text.split(/\s{2,}|\n/)
    const [titles = '', ...rows] = wide.stdout.split('\n').slice(2)
    // Every cell that is there is one of the wide table.
    const cells = new Set([titles, ...rows].flatMap(words))
    for (const word of shown.slice(2).flatMap(words)) if (!word.startsWith('─')) expect(cells).toContain(word)
    const hidden = /^hidden: (.+) \(/m.exec(narrow.stderr)?.[1]?.split(', ') ?? []
    expect([...words(shown[2] ?? ''), ...hidden].sort()).toEqual(words(titles).sort())
  })

  it('as JSON is what the proxy said, and nothing else', async () => {
    const { stdout, stderr } = await stats(full, 80, '--json')
    expect(JSON.parse(stdout)).toEqual(full)
    expect(stderr).toBe('')
  })

  it('of nothing', async () => {
    const { stdout, stderr, exitCode } = await stats(empty, 80)
    expect(stdout).toBe('')
    expect(stderr).toMatchInlineSnapshot(`
      "no requests: Nov 16 12:04 – Nov 23 12:03 (UTC)
      no exchange ever had backend=openai
      "
    `)
    expect(exitCode).toBeUndefined()
    expect(JSON.parse((await stats(empty, null, '--json')).stdout)).toEqual(empty)
  })

  it('of exchanges without any price, and of such as we counted', async () => {
    const unpriced = await stats(of({ request_count: 7, unpriced_requests: 7, total_cost: 0 }), 200)
    expect(unpriced.stdout).toMatchInlineSnapshot(`
      "Nov 16 12:04 – Nov 23 12:03 (UTC)

      DAY    REQUESTS  ERRORS  INPUT  CACHED  OUTPUT  TOOLS  SESSIONS  TTFT p50  TTFT p95  TIME p95  COST
      Total         7    2.1%   1.2G     62%   98.8M  4,321     1,234    410 ms    12.9 s     1h02m     —
      "
    `)
    expect(unpriced.stderr).toMatchInlineSnapshot(`
      "7 requests without a known price; add it under usage_tracking.prices in the configuration
      "
    `)
    const counted = await stats(of({ request_count: 1, estimated_requests: 1 }), 200)
    expect(counted.stdout).toMatchInlineSnapshot(`
      "Nov 16 12:04 – Nov 23 12:03 (UTC)

      DAY    REQUESTS  ERRORS  INPUT  CACHED  OUTPUT  TOOLS  SESSIONS  TTFT p50  TTFT p95  TIME p95        COST
      Total         1    2.1%  ~1.2G     62%  ~98.8M  4,321     1,234    410 ms    12.9 s     1h02m  $12,345.67
      "
    `)
    expect(counted.stderr).toMatchInlineSnapshot(`
      "~ 1 request counted by us: their provider reported no usage
      "
    `)
  })
})
