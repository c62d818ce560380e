import { setTimeout as sleep } from 'node:timers/promises'
import type { FilteredRecord } from './filtered-record.ts'
import type { UsageSource } from './usage-source.ts'

const everyMs = 1_000
const mostAtOnce = 1_000

export interface Follower {
  /** Those that are there: newest first, and all of them are meant. */
  first: readonly FilteredRecord[]
  /** Which of those that come are meant. */
  matches: (record: FilteredRecord) => boolean
  give: (records: readonly FilteredRecord[]) => void
}

/**
 * Gives what is there and then, as they close, the records that come: oldest first. A record bears the time of its
 * opening and may come behind younger ones; so ids are compared, not times. Ends with the process.
 */
export async function followRecords(
  source: UsageSource,
  query: URLSearchParams,
  { first, matches, give }: Follower,
  wait: () => Promise<unknown> = () => sleep(everyMs),
): Promise<never> {
  const beginning = first.at(-1)?.timestamp ?? ''
  const next = new URLSearchParams(query)
  next.set('limit', String(mostAtOnce))
  let known = new Set<string>()
  let records = first
  for (;;) {
    const fresh = records.filter(({ id, timestamp }) => !known.has(id) && timestamp >= beginning)
    const meant = records === first ? fresh : fresh.filter(matches)
    if (meant.length > 0) give(meant.reverse())
    known = new Set([...records.map(({ id }) => id), ...[...known].slice(0, mostAtOnce)])
    await wait()
    records = ((await source.recent(next)) as { records: FilteredRecord[] }).records
  }
}
