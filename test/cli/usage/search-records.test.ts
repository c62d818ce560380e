import { describe, expect, it } from 'vitest'
import type { FilteredRecord } from '../../../src/cli/usage/filtered-record.ts'
import { searchRecords } from '../../../src/cli/usage/search-records.ts'
import type { UsageSource } from '../../../src/cli/usage/usage-source.ts'
import { aRecord } from '../../support/a-record.ts'

/** A ledger of so many records, the newest numbered 0 by its turn, and what it was asked. */
function ledgerOf(count: number): { source: UsageSource; asked: [limit: number, cursor: string | null][] } {
  const asked: [number, string | null][] = []
  const recent = (query: URLSearchParams) => {
    const limit = Number(query.get('limit'))
    const cursor = query.get('cursor')
    asked.push([limit, cursor])
    const from = Number(cursor ?? 0)
    const records = Array.from({ length: Math.min(limit, count - from) }, (_, index) =>
      aRecord({ turn_number: from + index }),
    )
    const until = from + records.length
    const next = until < count ? String(until) : null
    return Promise.resolve({ records, total: null, limit, next_cursor: next, has_more: next !== null })
  }
  return { source: { recent } as UsageSource, asked }
}

const every =
  (step: number) =>
  ({ turn_number }: FilteredRecord) =>
    (turn_number ?? 0) % step === step - 1

async function search(count: number, limit: number, matches: (record: FilteredRecord) => boolean) {
  const { source, asked } = ledgerOf(count)
  const pages: number[] = []
  const query = new URLSearchParams({ model: 'gpt-4o', limit: String(limit) })
  const found = await searchRecords(source, query, { limit, matches, onPage: (looked) => pages.push(looked) })
  return { ...found, asked, pages, turns: found.answer.records.map(({ turn_number }) => turn_number) }
}

describe('searching the ledger', () => {
  it('ends with the first page where that has enough', async () => {
    const { turns, asked, looked, answer } = await search(5_000, 2, every(10))
    expect(turns).toEqual([9, 19])
    expect(asked).toEqual([[100, null]])
    expect(looked).toBe(20)
    expect(answer).toMatchObject({ total: null, limit: 2, next_cursor: null, has_more: true })
  })

  it('goes on page by page, until it has found so many', async () => {
    const { turns, asked, looked, pages } = await search(5_000, 3, every(1_000))
    expect(turns).toEqual([999, 1_999, 2_999])
    expect(asked).toEqual([
      [100, null],
      [1_000, '100'],
      [1_000, '1100'],
      [1_000, '2100'],
    ])
    expect(looked).toBe(3_000)
    expect(pages).toEqual([100, 1_100, 2_100])
  })

  it('ends with the ledger, and then knows how many there are in all', async () => {
    const { answer, looked } = await search(2_500, 3, every(1_000))
    expect(looked).toBe(2_500)
    expect(answer).toMatchObject({ total: 2, has_more: false, next_cursor: null })
    expect((await search(0, 3, every(1))).answer).toMatchObject({ records: [], total: 0, has_more: false })
  })

  it('knows whether anything is behind the last that was asked for', async () => {
    expect((await search(1_000, 1, every(1_000))).answer).toMatchObject({ total: 1, has_more: false })
    expect((await search(1_001, 1, every(1_000))).answer).toMatchObject({ total: null, has_more: true })
    expect((await search(101, 1, every(100))).answer).toMatchObject({ total: null, has_more: true })
  })
})
