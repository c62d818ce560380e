import * as z from 'zod'
import { count, seconds, words } from './quantities.ts'

const rate = z.number().min(0).max(1_000_000)

const price = z.strictObject({
  input: rate.describe('Prompt tokens'),
  cache_read: rate.optional().describe('Prompt tokens read from a cache'),
  cache_write: rate.optional().describe('Prompt tokens written to a cache for five minutes'),
  cache_write_1h: rate.optional().describe('Prompt tokens written to a cache for an hour'),
  output: rate.describe('Completion tokens'),
})

export const usageTracking = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Writes one usage record for each exchange'),
    persistence_path: words()
      .default('usage.db')
      .describe(
        'The ledger: .db or .sqlite, .json, or postgres:// for several proxies; not given: in LLMPROXY_HOME',
      ),
    flush_interval_seconds: seconds(0.1).default(30).describe("Between the JSON file's snapshots"),
    max_records_in_memory: count()
      .default(100_000)
      .describe(
        'Records kept while they cannot be written, and those of the JSON file; older ones go to its archive',
      ),
    retention_days: count(1, 100_000).nullable().default(null).describe('Deletes older records; null: none'),
    prices: z
      .record(words(), price)
      .default({})
      .describe('Your own prices by backend:model, in USD per million tokens'),
  })
  .prefault({})
  .describe('The usage ledger')
