import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Aggregate } from '../../statistics/aggregate.ts'
import type { Cell } from './columns.ts'
import { countedNames, countedRecord, countedWidth } from './counted-rows.ts'
import { all, type Where } from './where.ts'

/** So many rows are read at once, and no cursor is held between. */
const pageRows = 5_000

/** Orders in which pages follow each other, and where the next one begins behind a row. */
const orders = {
  time: { by: 'timestamp, id', columns: 'timestamp, id', after: '(timestamp, id) > (?, ?)' },
  coming: { by: 'rowid', columns: 'rowid', after: 'rowid > ?' },
} as const

/** Adds up the records that fit a condition. */
export function addRows(
  database: DatabaseSyncInstance,
  aggregate: Aggregate,
  where: Where,
  order: keyof typeof orders,
): void {
  const { by, columns, after } = orders[order]
  let wanted = where
  for (;;) {
    const statement = database.prepare(
      `SELECT ${countedNames}, ${columns} FROM records WHERE ${wanted.sql} ORDER BY ${by} LIMIT ?`,
    )
    statement.setReturnArrays(true)
    const rows = statement.all(...wanted.values, pageRows) as unknown as Cell[][]
    for (const row of rows) {
      const { record, atMs } = countedRecord(row)
      aggregate.add(record, atMs)
    }
    const last = rows.at(-1)
    if (!last || rows.length < pageRows) return
    wanted = all([{ sql: after, values: last.slice(countedWidth) }, where])
  }
}
