import { DatabaseSync } from '@photostructure/sqlite'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import type { Settled } from './settlement.ts'
import { adminKey } from './soak-config.ts'

const pageSize = 500
/** No connection is kept that would count as one of the proxy's. */
const headers = { 'x-llmproxy-key': adminKey, connection: 'close' }

/** The newest records, page by page, back to those of exchanges that had begun then. */
export async function* recordsSince(url: string, sinceMs: number): AsyncGenerator<UsageRecord[]> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `limit=${pageSize}${cursor && `&cursor=${cursor}`}`
    const answer = await fetch(`${url}/v1/usage/recent?${query}`, { headers })
    if (answer.status !== 200)
      throw new Error(`/v1/usage/recent: status ${answer.status}: ${await answer.text()}`)
    const page = (await answer.json()) as { records: UsageRecord[]; next_cursor: string | null }
    yield page.records
    const oldest = page.records.at(-1)?.timestamp
    if (oldest !== undefined && Date.parse(oldest) < sinceMs) return
    cursor = page.next_cursor
  }
}

/** What the statistics add up to otherwise than the records that were compared one by one. */
export async function wrongStatistics(url: string, { byOutcome, nanoUsd }: Settled): Promise<string[]> {
  const answer = await fetch(`${url}/v1/usage/stats`, { headers })
  const found = (await answer.json()) as {
    request_count: number
    total_cost: number
    outcome_counts: Record<string, number>
  }
  const wrong: string[] = []
  const same = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) wrong.push(`statistics: ${what} is ${ours}, by the books ${theirs}`)
  }
  same('request_count', found.request_count, recordsOf(byOutcome))
  same('total_cost', found.total_cost, nanoUsd / 1e9)
  for (const [outcome, count] of Object.entries(byOutcome))
    same(outcome, found.outcome_counts[outcome], count)
  return wrong
}

export function recordsOf(byOutcome: Settled['byOutcome']): number {
  return Object.values(byOutcome).reduce((sum, count) => sum + count, 0)
}

/** What the ledger's file, which nobody has open any more, holds otherwise than it should. */
export function wrongFile(file: string, { byOutcome, attempts }: Settled): string[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const found = database
      .prepare(
        `SELECT count(*) AS records, count(DISTINCT json_extract(tags, '$.exchange')) AS exchanges, sum(attempts) AS attempts,
           (SELECT count(*) FROM open_exchanges) AS open FROM records`,
      )
      .get() as Record<string, number>
    const records = recordsOf(byOutcome)
    const expected = { records, exchanges: records, attempts, open: 0 }
    return Object.entries(expected).flatMap(([what, count]) =>
      found[what] === count ? [] : [`the ledger's file: ${found[what]} ${what}, by the books ${count}`],
    )
  } finally {
    database.close()
  }
}
