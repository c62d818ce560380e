import { vi } from 'vitest'
import type { UsageRecord } from '../../../src/usage/record/record.ts'

interface Page {
  records: UsageRecord[]
  total: number
  next_cursor: string | null
}

export interface Statistics {
  request_count: number
  total_cost: number
  outcome_counts: Record<string, number>
}

export async function statisticsOf(url: string): Promise<Statistics> {
  return (await (await fetch(`${url}/v1/usage/stats`)).json()) as Statistics
}

/** All that is in the ledger, page by page, once there are so many: the last exchanges close a little later. */
export async function recordsOf(url: string, count: number): Promise<UsageRecord[]> {
  const page = async (query: string) =>
    (await (await fetch(`${url}/v1/usage/recent?${query}`)).json()) as Page
  const arrived = async () => {
    const { total } = await page('limit=1')
    if (total < count) throw new Error(`${total} of ${count} records`)
  }
  // Of those that do not come the comparison says which they are.
  await vi.waitFor(arrived, { timeout: 10_000, interval: 50 }).catch(() => {})
  const records: UsageRecord[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const found = await page(`limit=300${cursor && `&cursor=${cursor}`}`)
    records.push(...found.records)
    cursor = found.next_cursor
  }
  return records
}
