import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Aggregate } from '../../statistics/aggregate.ts'
import type { Cell } from './columns.ts'
import { countedNames, countedRecord, countedWidth } from './counted-rows.ts'
import { all, type Where } from './where.ts'

/** So many rows are read at once, and no cursor is held between. */
const pageRows = 5_000

const byTime = { by: 'timestamp, id', columns: 'timestamp, id', after: '(timestamp, id) > (?, ?)' } as const

/**
 * Which rows are gone through, in which order, and where the next page begins behind a row. By itself the database would
 * go through all rows of a window for either of the latter two.
 */
const walks = {
  window: { rows: 'records', ...byTime },
  /** Of those that took several attempts. */
  triedAgain: { rows: 'records INDEXED BY records_tried_again', ...byTime },
  /** Behind a row. */
  added: { rows: 'records NOT INDEXED', by: 'rowid', columns: 'rowid', after: 'rowid > ?' },
} as const

/** Adds up the records that fit a condition. */
export function addRows(
  database: DatabaseSyncInstance,
  aggregate: Aggregate,
  where: Where,
  walk: keyof typeof walks,
): void {
  const { rows: from, by, columns, after } = walks[walk]
  let wanted = where
  for (;;) {
    const statement = database.prepare(
      `SELECT ${countedNames}, ${columns} FROM ${from} WHERE ${wanted.sql} ORDER BY ${by} LIMIT ?`,
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
