import { describe, expect, it } from 'vitest'
import { printStats } from '../../../src/cli/usage/print-stats.ts'
import type { StatsAnswer, StatsNumbers } from '../../../src/cli/usage/stats-shape.ts'

const numbers = (changed: Partial<StatsNumbers> = {}): StatsNumbers => ({
  request_count: 1204,
  error_rate: 0.002,
  rejected_count: 0,
  billed_prompt_tokens: 3_100_000,
  billed_completion_tokens: 412_000,
  estimated_requests: 0,
  total_tool_calls: 77,
  total_cost: 9.84,
  list_cost: 0,
  unpriced_requests: 0,
  cache_hit_ratio: 0.61,
  unique_sessions: 12,
  ttft_stats: { p50_ms: 410, p95_ms: 1900 },
  duration_stats: { p50_ms: 4_100, p95_ms: 64_000 },
  ...changed,
})
const unpriced = numbers({
  request_count: 41,
  error_rate: 0.122,
  total_cost: 0,
  unpriced_requests: 41,
  estimated_requests: 3,
  ttft_stats: null,
})
const answer: StatsAnswer = {
  ...numbers({ request_count: 1245, unpriced_requests: 41, estimated_requests: 3 }),
  groups: [
    { model: 'claude-sonnet-4-5', ...numbers() },
    { model: 'gemini-2.5-pro', ...unpriced },
    { model: null, ...numbers({ request_count: 1, list_cost: 0 }) },
  ],
  groups_total: 5,
  filters: {
    start_date: '2026-11-16T12:04:00.000Z',
    end_date: '2026-11-23T12:03:59.999Z',
    time_zone: 'Europe/Berlin',
  },
  filters_without_match: ['model=gpt-9'],
}
const nowMs = Date.parse('2026-11-26T12:00:00Z')
const printed = (width: number, more: Partial<StatsAnswer> = {}) =>
  printStats({ ...answer, ...more }, ['model'], { width, chart: null, nowMs })

describe('a report of usage', () => {
  it('in a pipe has every column, and says below what its figures do not', () => {
    const { answer: lines, talk } = printed(Number.POSITIVE_INFINITY)
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "Nov 16 13:04 – Nov 23 13:03 (Europe/Berlin)

      MODEL              REQUESTS  ERRORS  INPUT  CACHED  OUTPUT  TOOLS  SESSIONS  TTFT p50  TTFT p95  TIME p95   COST
      claude-sonnet-4-5     1,204    0.2%   3.1M     61%    412k     77        12    410 ms     1.9 s     1m04s  $9.84
      gemini-2.5-pro           41     12%  ~3.1M     61%   ~412k     77        12         —         —     1m04s      —
      —                         1    0.2%   3.1M     61%    412k     77        12    410 ms     1.9 s     1m04s  $9.84
      ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      Total                 1,245    0.2%  ~3.1M     61%   ~412k     77        12    410 ms     1.9 s     1m04s  $9.84"
    `)
    expect(talk).toMatchInlineSnapshot(`
      [
        "~ 3 requests counted by us: their provider reported no usage",
        "41 requests without a known price; add it under usage_tracking.prices in the configuration",
        "no exchange ever had model=gpt-9",
        "2 more groups; raise --limit",
      ]
    `)
  })

  it.each([80, 120, 200])('fits %i columns: no number is cut, and what has no room is named', (width) => {
    const { answer: lines, talk } = printed(width)
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width)
    expect(lines.join('\n')).not.toContain('…')
    expect(lines.join('\n')).toContain('$9.84')
    const hidden = talk.find((line) => line.startsWith('hidden: '))
    if (width === 80) expect(hidden).toContain('SESSIONS')
    if (width === 200) expect(hidden).toBeUndefined()
  })

  it('shows what a plan would have cost apart from what was paid', () => {
    const { answer: lines, talk } = printed(Number.POSITIVE_INFINITY, { list_cost: 3.5 })
    expect(lines[2]).toContain('PLAN')
    expect(talk.join('\n')).toContain('$3.50 is the list price of what went through plans')
  })

  it('of nothing says so beside an empty answer', () => {
    const { answer: lines, talk } = printed(80, { request_count: 0, groups: [], filters_without_match: [] })
    expect(lines).toEqual([])
    expect(talk[0]).toMatch(/^no requests: Nov 16 13:04 – Nov 23 13:03 \(Europe\/Berlin\)$/)
  })

  it('as a chart has a bar for each group, the longest where most was used', () => {
    const { answer: lines } = printStats(answer, ['model'], { width: 60, chart: 'tokens', nowMs })
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(60)
    expect(lines.slice(2)).toHaveLength(3)
    expect(lines[2]).toMatch(/^claude-sonnet-4-5 +3\.5M +█+$/)
  })
})
