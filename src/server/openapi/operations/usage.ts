import type { z } from 'zod'
import { recordExample } from '../examples/record.ts'
import { statsExample } from '../examples/stats.ts'
import type { Operation } from '../operation.ts'
import { exportedRecords, recentRecords, usageRecord } from '../schemas/usage-record.ts'
import { stats } from '../schemas/usage-stats.ts'

/** What the ledger's questions take; made where its parser is. */
export interface UsageQueries {
  stats: z.ZodObject
  recent: z.ZodObject
  export: z.ZodObject
}

const tag = 'usage'
const jsonLine = `${JSON.stringify(recordExample)}\n`
const csvLines = `id,timestamp,…\r\n${recordExample.id},${recordExample.timestamp},…\r\n`
const own = 'An access key with role user sees its own exchanges.'

export function usageOperations(queries: UsageQueries): readonly Operation[] {
  return [
    {
      ...{ method: 'get', path: '/v1/usage/stats', id: 'getUsageStats', tag },
      summary: `Exchanges added up, in groups where they are asked for. ${own}`,
      query: queries.stats,
      answers: { 200: { description: 'The sums', schema: stats, example: statsExample } },
      errors: ['bad_request', 'usage_off', 'ledger_failed', 'internal'],
    },
    {
      ...{ method: 'get', path: '/v1/usage/recent', id: 'listUsageRecords', tag },
      summary: `The last exchanges. ${own}`,
      query: queries.recent,
      answers: {
        200: {
          description: 'A page of them',
          schema: recentRecords,
          example: {
            records: [recordExample],
            ...{ total: 1, limit: 100, next_cursor: null, has_more: false },
          },
        },
      },
      errors: ['bad_request', 'usage_off', 'ledger_failed', 'internal'],
    },
    {
      ...{ method: 'get', path: '/v1/usage/records/{id}', id: 'getUsageRecord', tag },
      summary: `One exchange. ${own}`,
      pathParameters: { id: 'Its id, or any beginning of it that no other has' },
      answers: { 200: { description: 'Its record', schema: usageRecord, example: recordExample } },
      errors: ['bad_request', 'usage_off', 'unknown_record', 'ledger_failed', 'internal'],
    },
    {
      ...{ method: 'get', path: '/v1/usage/export', id: 'exportUsage', tag },
      summary: `All exchanges of a window, streamed; as JSON, JSON Lines or CSV by format. ${own}`,
      query: queries.export,
      answers: {
        200: {
          description: 'The records, oldest first; a line each in the other formats',
          schema: exportedRecords,
          example: {
            ...{ version: 1, exported_at: '2026-11-10T13:00:00.000Z' },
            filters: { start_date: '2026-11-10T00:00:00.000Z', time_zone: 'UTC' },
            ...{ records: [recordExample], record_count: 1 },
          },
          alsoAs: { 'application/x-ndjson': jsonLine, 'text/csv': csvLines },
        },
      },
      errors: ['bad_request', 'usage_off', 'ledger_failed', 'internal'],
    },
  ]
}
