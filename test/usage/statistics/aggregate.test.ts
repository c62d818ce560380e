import fc from 'fast-check'
import { expect, it } from 'vitest'
import { everything, type GroupKey, type UsageFilter } from '../../../src/usage/query/filter.ts'
import { fits } from '../../../src/usage/query/fits.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { Aggregate } from '../../../src/usage/statistics/aggregate.ts'
import { randomRecord } from '../../support/random-records.ts'

const begin = Date.parse('2026-10-20T00:00:00Z')

const filters: fc.Arbitrary<UsageFilter> = fc
  .record(
    {
      fromMs: fc.integer({ min: begin, max: begin + 10 * 86_400_000 }),
      untilMs: fc.integer({ min: begin + 10 * 86_400_000, max: begin + 22 * 86_400_000 }),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
      hours: fc.subarray([1, 2, 3, 12, 23]),
      weekdays: fc.subarray([0, 6]),
      backendTypes: fc.subarray(['openai', 'anthropic']),
      models: fc.subarray(['gpt-4o', 'claude-*', 'gpt-4o-2024-08-06']),
      proxyUsers: fc.subarray(['ann']),
      tags: fc.subarray(['project', 'project=web', "job=o'brien"]),
      statuses: fc.subarray([200, 502]),
      outcomes: fc.subarray(['complete', 'error'] as const),
    },
    { requiredKeys: [] },
  )
  .map((chosen) => ({ ...everything, ...chosen }))

/** The same question, answered the plain way: by clocks as Intl shows them, one record at a time. */
function meant(record: UsageRecord, filter: UsageFilter): boolean {
  const at = Date.parse(record.timestamp)
  const clock = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: filter.timeZone, ...options }).format(at)
  const hour = Number(clock({ hour: '2-digit', hourCycle: 'h23' }))
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(clock({ weekday: 'short' }))
  const models: Record<string, string[]> = {
    'gpt-4o': ['gpt-4o', 'gpt-4o-2024-08-06'],
    'claude-*': ['claude-3-5-sonnet-20241022'],
    'gpt-4o-2024-08-06': ['gpt-4o-2024-08-06'],
  }
  const tags = Object.entries(record.tags).flatMap(([name, value]) => [name, `${name}=${value}`])
  const any = (wanted: readonly unknown[], has: readonly unknown[]) =>
    wanted.length === 0 || wanted.some((one) => has.includes(one))
  return (
    (filter.fromMs === null || at >= filter.fromMs) &&
    (filter.untilMs === null || at < filter.untilMs) &&
    any(filter.hours, [hour]) &&
    any(filter.weekdays, [weekday]) &&
    any(filter.backendTypes, [record.backend_type]) &&
    any(
      filter.models.flatMap((model) => models[model] ?? []),
      [record.model],
    ) &&
    any(filter.proxyUsers, [record.proxy_user]) &&
    any(filter.tags, tags) &&
    any(filter.statuses, [record.http_status_code]) &&
    any(filter.outcomes, [record.outcome]) &&
    record.call_purpose !== 'count_tokens'
  )
}

const sum = (records: readonly UsageRecord[], value: (record: UsageRecord) => number | null | undefined) =>
  records.reduce((total, record) => total + (value(record) ?? 0), 0)

/** A few of the statistics, as their definitions say them. */
function expected(records: readonly UsageRecord[]) {
  const reported = records.filter((record) => record.tokens_source === 'provider')
  const counted = records.filter((record) => record.tokens_source === 'count')
  const ttfts = records.flatMap(({ ttft_ms }) => ttft_ms ?? []).sort((a, b) => a - b)
  const attempts = records.flatMap((record) => record.attempt_log)
  const nano = sum(records, ({ cost_usd }) => (cost_usd === null ? 0 : Math.round(cost_usd * 1e9)))
  return {
    request_count: records.length,
    total_prompt_tokens: sum(records, (record) => record.mutated_prompt_tokens),
    total_completion_tokens: sum(records, (record) => record.verbatim_completion_tokens),
    billed_prompt_tokens:
      sum(reported, (record) => record.backend_reported_usage?.prompt_tokens) +
      sum(counted, (record) => record.mutated_prompt_tokens),
    backend_reported_total_tokens: sum(records, (record) => record.backend_reported_usage?.total_tokens),
    disconnect_count: records.filter((record) => record.incomplete_reason === 'client_disconnect').length,
    error_count: records.filter(
      ({ outcome, incomplete_reason: reason }) =>
        outcome === 'error' || (outcome === 'incomplete' && reason !== 'client_disconnect'),
    ).length,
    error_rate:
      attempts.length === 0
        ? null
        : attempts.filter((entry) => entry.error_type !== null).length / attempts.length,
    total_cost: nano / 1e9,
    unpriced_requests: records.filter((record) => record.cost_usd === null && record.tokens_source !== null)
      .length,
    unique_sessions: new Set(records.flatMap(({ session_id }) => session_id ?? [])).size,
    total_tool_calls: sum(records, (record) => record.tool_call_count),
    p95: ttfts.length === 0 ? undefined : ttfts[Math.min(Math.floor(ttfts.length * 0.95), ttfts.length - 1)],
  }
}

type Body = ReturnType<Aggregate['result']>
const found = (stats: Body) => {
  const keys = Object.keys(expected([])).filter((key) => key !== 'p95') as (keyof Body)[]
  return { ...Object.fromEntries(keys.map((key) => [key, stats[key]])), p95: stats.ttft_stats?.p95_ms }
}

it('statistics of any records by any filter and grouping are what their definitions say', () => {
  const groupings = fc.constantFrom<GroupKey>(
    'model',
    'backend_type',
    'proxy_user',
    'outcome',
    'status',
    'tag:project',
  )
  fc.assert(
    fc.property(fc.array(randomRecord, { maxLength: 60 }), filters, groupings, (records, filter, key) => {
      const wanted = records.filter((record) => meant(record, filter))
      expect(records.filter((record) => fits(record, filter))).toEqual(wanted)
      const aggregate = new Aggregate({ filter, leg: null, groupBy: [key], orderBy: null, limit: null })
      for (const record of wanted) aggregate.add(record, Date.parse(record.timestamp))
      const stats = aggregate.result()
      expect(found(stats)).toEqual(expected(wanted))
      const value = (record: UsageRecord) =>
        ({
          model: record.model,
          backend_type: record.backend_type,
          proxy_user: record.proxy_user,
          outcome: record.outcome,
          status: record.http_status_code,
          'tag:project': record.tags.project ?? null,
        })[key as string] ?? null
      const groups = new Map<unknown, UsageRecord[]>()
      for (const record of wanted) groups.set(value(record), [...(groups.get(value(record)) ?? []), record])
      expect(stats.groups?.length).toBe(groups.size)
      for (const group of stats.groups ?? []) {
        expect(found(group as unknown as Body)).toEqual(expected(groups.get(group[key] ?? null) ?? []))
      }
    }),
    { numRuns: 150 },
  )
})
