import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { type OptOutChange, supersedes } from '../../../core/opt-out-change.ts'
import { mostOptOuts, type OptOutsSince } from '../store.ts'

interface Row {
  seq: number
  key: string
  opted_out: number
  at_ms: number
}

const columns = 'seq, session AS key, opted_out, at_ms'

/** Opt-outs of random replacement that all processes on the file share. */
export class SqliteOptOuts {
  readonly #database: DatabaseSyncInstance

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
  }

  /** Writes changes, where they are newer than what is there, and reads everybody's since `after`. */
  exchange(changes: readonly OptOutChange[], after: number): OptOutsSince {
    if (changes.length > 0) this.#write(changes)
    const rows = this.#database
      .prepare(`SELECT ${columns} FROM opt_outs WHERE seq >= ? ORDER BY seq`)
      .all(after) as unknown as Row[]
    return { changes: rows.map(changeOf), newest: rows.at(-1)?.seq ?? 0 }
  }

  forget(beforeMs: number): void {
    this.#database.prepare('DELETE FROM opt_outs WHERE at_ms < ?').run(beforeMs)
  }

  #write(changes: readonly OptOutChange[]): void {
    const find = this.#database.prepare(`SELECT ${columns} FROM opt_outs WHERE session = ?`)
    const remove = this.#database.prepare('DELETE FROM opt_outs WHERE session = ?')
    const add = this.#database.prepare('INSERT INTO opt_outs (session, opted_out, at_ms) VALUES (?, ?, ?)')
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const change of changes) {
        const row = find.get(change.key) as unknown as Row | undefined
        if (!supersedes(change, row && changeOf(row))) continue
        remove.run(change.key)
        add.run(change.key, change.isOptedOut ? 1 : 0, change.atMs)
      }
      this.#database
        .prepare('DELETE FROM opt_outs WHERE seq <= (SELECT max(seq) FROM opt_outs) - ?')
        .run(mostOptOuts)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

function changeOf({ key, opted_out, at_ms }: Row): OptOutChange {
  return { key, isOptedOut: opted_out === 1, atMs: at_ms }
}
