import type { UsageRecord } from '../../../src/usage/record/record.ts'
import type { Statistics } from './ledger.ts'

/** What the statistics add up to otherwise than the records, which have been compared with the books one by one. */
export function wrongSums(statistics: Statistics, records: readonly UsageRecord[]): string[] {
  const nanoUsd = records.map(({ cost_usd }) => Math.round((cost_usd ?? 0) * 1e9))
  const outcomes: Record<string, number> = {}
  for (const { outcome } of records) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  const expected: Partial<Statistics> = {
    request_count: records.length,
    total_cost: nanoUsd.reduce((sum, cost) => sum + cost, 0) / 1e9,
  }
  const faults = Object.entries(expected).flatMap(([name, value]) => {
    const found = statistics[name as keyof Statistics]
    return found === value ? [] : [`statistics: ${name} is ${JSON.stringify(found)}, by the records ${value}`]
  })
  for (const [outcome, count] of Object.entries(outcomes)) {
    const found = statistics.outcome_counts[outcome]
    if (found !== count) faults.push(`statistics: ${found} ${outcome}, by the records ${count}`)
  }
  return faults
}
