import { describe, expect, test } from 'vitest'
import { claude } from '../../../src/cli/clients/claude.ts'
import { closingLines, type RunEnd } from '../../../src/cli/run/closing-text.ts'
import type { RunStats } from '../../../src/cli/run/figures.ts'

const stats: RunStats = {
  ...{ request_count: 12, error_count: 0, unpriced_requests: 0, estimated_requests: 0 },
  ...{ billed_prompt_tokens: 48_200, billed_completion_tokens: 1_200, total_cost: 0.0912, list_cost: 0 },
  ...{ ttft_stats: { max_ms: 4_100 }, gap_stats: { max_ms: 12_300 } },
}

function closing(more: Partial<RunStats>, end: Partial<RunEnd> = {}): string {
  const [line = ''] = closingLines({
    ...{
      stats: { ...stats, ...more },
      issues: 0,
      ownTag: 'run=r1',
      namedUrl: null,
      command: 'claude',
      client: claude,
    },
    ...end,
  })
  return line
}

describe('when a client has ended', () => {
  test('requests, tokens, cost, the longest wait and issues are said', () => {
    expect(closing({})).toBe(
      'llmproxy: 12 requests · 48.2k→1.2k tokens · cost $0.0912 · longest wait 12.3 s · no issues',
    )
  })

  test('what failed is counted', () => {
    expect(closing({ request_count: 1, error_count: 1 })).toContain(': 1 request, 1 failed · ')
  })

  test('what was counted by us is marked', () => {
    expect(closing({ estimated_requests: 1 })).toContain(' · ~48.2k→~1.2k tokens · ')
  })

  test('the cost says what it lacks and what a plan would have been', () => {
    expect(closing({ unpriced_requests: 2 })).toContain('cost $0.0912 (2 without a price)')
    expect(closing({ unpriced_requests: 12, total_cost: 0 })).toContain('cost — (12 without a price)')
    expect(closing({ total_cost: 0, list_cost: 1.5 })).toContain("cost $0.00 (a plan's at list price $1.50)")
  })

  test('without any answer there was no wait that is known', () => {
    expect(closing({ ttft_stats: null, gap_stats: null })).toContain('longest wait — ')
  })

  test.each([
    [null, 'issues —'],
    [1, '1 issue'],
    [3, '3 issues'],
  ])('%j issues', (issues, words) => {
    expect(closing({}, { issues })).toMatch(new RegExp(` · ${words}$`))
  })

  test('the line that shows them asks the proxy that was named', () => {
    const end = {
      stats,
      issues: 0,
      ownTag: 'run=r1',
      namedUrl: 'https://llm',
      command: 'claude',
      client: claude,
    }
    expect(closingLines(end)[1]).toBe('  each of them: llmproxy usage recent --tag run=r1 --url https://llm')
  })

  test('a proxy that went away has no figures, and neither has one without a ledger', () => {
    const end = { issues: null, ownTag: 'run=r1', namedUrl: null, command: 'claude', client: claude }
    expect(closingLines({ ...end, stats: null })).toEqual([
      'llmproxy: the proxy no longer answers, so there are no figures',
    ])
    expect(closingLines({ ...end, stats: 'no ledger' })[0]).toContain('usage_tracking.enabled')
  })

  test('without a request a known client is told where to look', () => {
    const lines = closingLines({
      ...{
        stats: { ...stats, request_count: 0 },
        issues: 0,
        ownTag: 'run=r1',
        namedUrl: null,
        command: 'claude',
        client: claude,
      },
    })
    expect(lines).toEqual([
      'llmproxy: no request of claude went through it',
      expect.stringContaining('llmproxy connect claude'),
    ])
  })
})
