import fc from 'fast-check'
import { everything, type GroupKey, type StatsQuery, type UsageFilter } from '../../src/usage/query/filter.ts'

const begin = Date.parse('2026-10-20T00:00:00Z')
const day = 86_400_000
const moment = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min: begin + min * day, max: begin + max * day }),
    // Whole hours and days are where roll-ups begin and end.
    fc.integer({ min: min * 24, max: max * 24 }).map((hours) => begin + hours * 3_600_000),
    fc.integer({ min, max }).map((days) => begin + days * day),
  )

/** Filters over what `randomRecord` makes. */
export const randomFilter: fc.Arbitrary<UsageFilter> = fc
  .record(
    {
      fromMs: moment(0, 10),
      untilMs: moment(10, 22),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns'),
      hours: fc.subarray([1, 2, 3, 12, 23]),
      weekdays: fc.subarray([0, 6]),
      backendTypes: fc.subarray(['openai', 'anthropic']),
      backends: fc.subarray(['openai', 'openai.us', 'anthropic'], { maxLength: 1 }),
      models: fc.subarray(['gpt-4o', 'claude-*', 'gpt-4o-2024-08-06']),
      proxyUsers: fc.subarray(['ann']),
      clientApps: fc.subarray(['codex']),
      statuses: fc.subarray([200, 502]),
      outcomes: fc.subarray(['complete', 'error'] as const),
      tags: fc.subarray(['project'], { maxLength: 1 }),
      callPurposes: fc.subarray(['title', 'count_tokens'] as const),
      // Seldom, for roll-ups cannot answer it.
      replacementDecisions: fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.subarray(['replaced', 'lost_roll', 'target_unusable'] as const) },
      ),
    },
    { requiredKeys: [] },
  )
  .map((chosen) => ({ ...everything, ...chosen }))

const groupings: readonly GroupKey[][] = [
  [],
  ...[['model'], ['backend'], ['backend_type'], ['proxy_user'], ['status'], ['outcome'], ['tool']],
  ...[['hour'], ['day'], ['week'], ['month'], ['hour_of_day'], ['day_of_week']],
  ...[
    ['day', 'model'],
    ['backend', 'status'],
    ['client_app', 'day_of_week'],
    ['session_id'],
    ['tag:project'],
  ],
] as GroupKey[][]

export const randomQuery: fc.Arbitrary<StatsQuery> = fc
  .tuple(randomFilter, fc.constantFrom(...groupings), fc.constantFrom(null, 'CTP' as const, 'PTC' as const))
  .map(([filter, groupBy, leg]) => ({ filter, groupBy, leg, orderBy: null, limit: null }))
