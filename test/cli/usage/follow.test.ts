import { describe, expect, it } from 'vitest'
import type { FilteredRecord } from '../../../src/cli/usage/filtered-record.ts'
import { followRecords } from '../../../src/cli/usage/follow.ts'
import type { UsageSource } from '../../../src/cli/usage/usage-source.ts'
import { aRecord } from '../../support/a-record.ts'

const at = (second: number, turn_number: number) =>
  aRecord({
    timestamp: new Date(Date.parse('2026-11-10T12:00:00Z') + second * 1_000).toISOString(),
    turn_number,
  })

/** The turns that are given, batch by batch, of a ledger that shows these pages, newest first, one after the other. */
async function given(
  first: FilteredRecord[],
  pages: FilteredRecord[][],
  matches: (record: FilteredRecord) => boolean,
): Promise<(number | null)[][]> {
  const batches: (number | null)[][] = []
  const rest = [...pages]
  const source = {
    recent: () => {
      const records = rest.shift()
      return records ? Promise.resolve({ records }) : Promise.reject(new Error('the end'))
    },
  } as unknown as UsageSource
  const give = (records: readonly FilteredRecord[]) =>
    batches.push(records.map(({ turn_number }) => turn_number))
  const following = followRecords(source, new URLSearchParams(), { first, matches, give }, () =>
    Promise.resolve(),
  )
  await expect(following).rejects.toThrow('the end')
  return batches
}

describe('following the ledger', () => {
  const [a, b, c, d, late] = [at(1, 1), at(2, 2), at(3, 3), at(4, 4), at(2, 20)]
  const isEven = ({ turn_number }: FilteredRecord) => (turn_number ?? 1) % 2 === 0

  it('gives each record once, oldest first, and those that close late', async () => {
    const pages = [
      [c, b, a],
      [d, c, late, b, a],
      [d, c, late, b, a],
    ]
    expect(await given([b, a], pages, () => true)).toEqual([[1, 2], [3], [20, 4]])
  })

  it('gives only those that a filter means', async () => {
    const pages = [
      [c, b, a],
      [d, c, late, b, a],
    ]
    expect(await given([b], pages, isEven)).toEqual([[2], [20, 4]])
  })

  it('begins with what comes where nothing was there', async () => {
    expect(await given([], [[a], [b, a]], isEven)).toEqual([[2]])
  })
})
