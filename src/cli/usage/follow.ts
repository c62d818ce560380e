import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordRow } from './print-records.ts'
import type { UsageSource } from './usage-source.ts'

const everyMs = 1_000
const mostAtOnce = 1_000

/**
 * Gives what is there and then, as they close, the records that come: oldest first. A record bears the time of its
 * opening and may come behind younger ones; so ids are compared, not times. Ends with the process.
 */
export async function followRecords(
  source: UsageSource,
  query: URLSearchParams,
  first: readonly RecordRow[],
  give: (records: readonly RecordRow[]) => void,
): Promise<never> {
  const beginning = first.at(-1)?.timestamp ?? ''
  const next = new URLSearchParams(query)
  next.set('limit', String(mostAtOnce))
  let known = new Set<string>()
  let records = first
  for (;;) {
    const fresh = records.filter(({ id, timestamp }) => !known.has(id) && timestamp >= beginning)
    if (fresh.length > 0) give(fresh.reverse())
    known = new Set([...records.map(({ id }) => id), ...[...known].slice(0, mostAtOnce)])
    await sleep(everyMs)
    records = ((await source.recent(next)) as { records: RecordRow[] }).records
  }
}
