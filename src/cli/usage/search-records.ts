import type { Predicate } from '../../filters/subject.ts'
import type { FilteredRecord } from './filtered-record.ts'
import type { UsageSource } from './usage-source.ts'

/** Most of what is wanted is young: a small page first, then as many as the API gives at once. */
const firstPage = 100
const nextPages = 1_000

export interface RecentAnswer {
  records: FilteredRecord[]
  total: number | null
  limit: number
  next_cursor: string | null
  has_more: boolean
}

export interface Wanted {
  limit: number
  matches: Predicate<FilteredRecord>
  /** Hears how many were read so far. */
  onPage: (looked: number) => void
}

export interface Search {
  /** As the API's answer; how many match in all is known only where the ledger was read to its end. */
  answer: RecentAnswer
  /** How many records were read. */
  looked: number
}

/**
 * The newest records that a filter means, found page by page; keeps what it found and one page.
 */
export async function searchRecords(
  source: UsageSource,
  query: URLSearchParams,
  { limit, matches, onPage }: Wanted,
): Promise<Search> {
  const found: FilteredRecord[] = []
  const next = new URLSearchParams(query)
  next.set('limit', String(Math.max(limit, firstPage)))
  let looked = 0
  for (;;) {
    const page = (await source.recent(next)) as RecentAnswer
    for (const [index, record] of page.records.entries()) {
      looked++
      if (matches(record)) found.push(record)
      if (found.length < limit) continue
      const hasMore = page.next_cursor !== null || index < page.records.length - 1
      return { answer: answerOf(found, limit, hasMore), looked }
    }
    onPage(looked)
    if (page.next_cursor === null) return { answer: answerOf(found, limit, false), looked }
    next.set('cursor', page.next_cursor)
    next.set('limit', String(nextPages))
  }
}

/** A cursor of the API's would go on without the filter. */
function answerOf(records: FilteredRecord[], limit: number, hasMore: boolean): RecentAnswer {
  return { records, total: hasMore ? null : records.length, limit, next_cursor: null, has_more: hasMore }
}
