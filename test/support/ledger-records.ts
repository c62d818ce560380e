import { text } from 'node:stream/consumers'
import { readLedger } from '../../src/usage/read-ledger.ts'
import type { UsageRecord } from '../../src/usage/record/record.ts'

/** All records of a ledger, oldest first, read as by who runs no proxy. */
export async function ledgerRecords(path: string): Promise<UsageRecord[]> {
  const ledger = readLedger(path)
  const query = new URLSearchParams({ start_date: '2000-01-01', end_date: 'now', format: 'jsonl' })
  const lines = await text((await ledger.export(query, null)).pieces)
  await ledger.close()
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as UsageRecord)
}
