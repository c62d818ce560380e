import { workerData } from 'node:worker_threads'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import type { Cursor, PageQuery, PiecesQuery } from '../store.ts'
import { asStoreError } from '../store-errors.ts'
import { Given, serveCalls } from '../thread-calls.ts'
import { openFile } from './connection.ts'
import type { Span } from './pieces.ts'
import { SqliteReader } from './reader.ts'

const { path } = workerData as { path: string }
let opened: SqliteReader | undefined

/** Opened with the first question, and anew after a fault: the file may have been set aside meanwhile. */
function reader(): SqliteReader {
  opened ??= new SqliteReader(openFile(path, 'read'))
  return opened
}

serveCalls(
  {
    stats: (query: StatsQuery) => reader().stats(query),
    page: (query: PageQuery) => reader().page(query),
    cuts: (filter: UsageFilter, after: Cursor, records: number, most: number) =>
      reader().cuts(filter, after, records, most),
    pieces: (query: PiecesQuery, span: Span) => {
      const pieces = reader().pieces(query, span)
      return new Given(
        pieces,
        pieces.map(({ bytes }) => bytes.buffer),
      )
    },
    count: (filter: UsageFilter, most: number) => reader().count(filter, most),
    find: (beginning: string, limit: number) => reader().find(beginning, limit),
    unseen: (filter: UsageFilter) => reader().unseen(filter),
    // Nothing is ever moved out of the file.
    archived: () => 0,
    reopen: () => {
      opened?.close()
      opened = undefined
    },
    close: () => opened?.close(),
  },
  (error) => asStoreError(error, path),
)
