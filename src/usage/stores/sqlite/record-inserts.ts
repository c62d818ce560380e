import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { ownFields, type PackedGroup, sharedFields } from './packed-batch.ts'
import { ownCells, recordCount } from './record-rows.ts'

/** So many rows are written with one statement: each call and each cell that is bound costs more than the writing. */
const rowsAtOnce = [32, 8, 1] as const

/** What became of the records of a group from one to before another. */
export interface Inserted {
  from: number
  until: number
  /** Of them; all others had been there. */
  stored: number
  /** The row before the first of those that were stored, which follow one another. */
  behind: number
}

/** Writes records as rows. */
export class RecordInserts {
  readonly #database: DatabaseSyncInstance
  readonly #statements = new Map<number, StatementSyncInstance>()

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
  }

  insert(group: PackedGroup): Inserted[] {
    const count = recordCount(group)
    const pieces: Inserted[] = []
    for (let from = 0; from < count; from = pieces.at(-1)?.until ?? count) {
      const rows = rowsAtOnce.find((most) => most <= count - from) ?? 1
      const until = from + rows
      const { changes, lastInsertRowid: last } = this.#statement(rows).run(
        ...group.shared,
        ...ownCells(group, from, until),
      )
      const stored = Number(changes)
      // Without any it is the last row of an earlier statement.
      pieces.push({ from, until, stored, behind: stored === 0 ? Infinity : Number(last) - stored })
    }
    return pieces
  }

  #statement(rows: number): StatementSyncInstance {
    const known = this.#statements.get(rows)
    if (known) return known
    const row = `(${ownFields.map(() => '?').join(', ')})`
    const statement = this.#database.prepare(
      `WITH shared AS (SELECT ${sharedFields.map((name) => `? AS ${name}`).join(', ')})
       INSERT INTO records (${ownFields.join(', ')}, ${sharedFields.join(', ')})
       SELECT own.*, shared.* FROM (VALUES ${Array(rows).fill(row).join(', ')}) AS own CROSS JOIN shared
       WHERE true ON CONFLICT (id) DO NOTHING`,
    )
    this.#statements.set(rows, statement)
    return statement
  }
}
