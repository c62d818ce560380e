import { json, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'
import { Failure } from '../failure.ts'
import type { StatsNumbers } from '../usage/stats-shape.ts'

/** What the ledger has of a run; the field names are those of `GET /v1/usage/stats`. */
export type RunStats = Pick<
  StatsNumbers,
  | 'request_count'
  | 'billed_prompt_tokens'
  | 'billed_completion_tokens'
  | 'estimated_requests'
  | 'total_cost'
  | 'list_cost'
  | 'unpriced_requests'
> & { error_count: number; ttft_stats: Longest; gap_stats: Longest }

type Longest = { max_ms: number } | null

const sameAfterMs = 100
const asksAtMost = 20

/** The statistics of a run so far. Rejects with a `Failure`, also where the proxy keeps no ledger. */
export async function askStats(client: ApiClient, ownTag: string): Promise<RunStats> {
  const query = new URLSearchParams({ tag: ownTag })
  return (await json(await client.get('/v1/usage/stats', query))) as RunStats
}

/** The same when nothing comes any more: a client that has ended may have left answers that are just being cut. */
export async function settledStats(client: ApiClient, ownTag: string): Promise<RunStats> {
  let stats = await askStats(client, ownTag)
  for (let asked = 1; asked < asksAtMost; asked++) {
    await sleep(sameAfterMs)
    const next = await askStats(client, ownTag)
    if (next.request_count === stats.request_count) return next
    stats = next
  }
  return stats
}

/** The ids of a run's exchanges. */
export async function exchangeIdsOf(client: ApiClient, ownTag: string): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ tag: ownTag, limit: '1000', ...(cursor !== null && { cursor }) })
    const page: RecentPage = JSON.parse(await text(await client.get('/v1/usage/recent', query)))
    for (const { id } of page.records) ids.add(id)
    cursor = page.next_cursor
  } while (cursor !== null)
  return ids
}

interface RecentPage {
  records: { id: string }[]
  next_cursor: string | null
}

/** Null for what the proxy does not tell; everything else that goes wrong is thrown. */
export async function orUnknown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}
