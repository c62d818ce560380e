import { workerData } from 'node:worker_threads'
import type { ExportFormat } from '../../export/piece.ts'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { pagePiece } from '../pieces-of-pages.ts'
import type { PageQuery } from '../store.ts'
import { serveCalls } from '../thread-calls.ts'
import { addressOf } from './address.ts'
import { Connection, forgetDriverVariables } from './connection.ts'
import { asDatabaseError } from './database-error.ts'
import { checkForm } from './migrations.ts'
import { PostgresReader } from './reader.ts'

const { url } = workerData as { url: string }
forgetDriverVariables()
const address = addressOf(url)
const connection = new Connection(address, {
  statementMs: 60_000,
  setUp: (query) => checkForm(query, address.place),
})
const reader = new PostgresReader(connection)

serveCalls(
  {
    stats: (query: StatsQuery) => reader.stats(query),
    page: (query: PageQuery) => reader.page(query),
    pagePiece: async (query: PageQuery, format: ExportFormat) => pagePiece(await reader.page(query), format),
    count: (filter: UsageFilter, most: number) => reader.count(filter, most),
    find: (beginning: string, limit: number) => reader.find(beginning, limit),
    unseen: (filter: UsageFilter) => reader.unseen(filter),
    // Nothing is ever moved out of the database.
    archived: () => 0,
    close: () => connection.close(),
  },
  (error) => asDatabaseError(error, address),
)
