import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { fieldNames } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'
import { isRunning } from '../is-running.ts'
import { seenValues } from '../seen.ts'
import { type Appended, type Batch, type Owner, silentAfterMs } from '../store.ts'
import { cellsOf } from './columns.ts'
import { check } from './connection.ts'
import { SqliteRollupWriter } from './rollup-writer.ts'

/** How many rows are read between two calls; of how many, and how many are stored in the roll-ups together. */
export interface RollupSteps {
  gathered: number
  least: number
  stored: number
}

/** Few enough at once that no commit waits long behind them; few enough together that reading them again costs little. */
const usualSteps: RollupSteps = { gathered: 500, least: 500, stored: 5_000 }

/** For when nothing else is to be done: to the last row. */
export const lastSteps: RollupSteps = { gathered: 500, least: 1, stored: 1 }

/** Everything that changes the file. Synchronous: it lives in a thread. */
export class SqliteWriter {
  readonly #database: DatabaseSyncInstance
  readonly #path: string
  readonly #insert: StatementSyncInstance
  readonly #known: StatementSyncInstance
  readonly #insertSeen: StatementSyncInstance
  readonly #clearOpen: StatementSyncInstance
  readonly #deleteOpen: StatementSyncInstance
  readonly #insertOpen: StatementSyncInstance
  readonly #touchOwner: StatementSyncInstance
  readonly #rollups: SqliteRollupWriter
  /** What this thread has noted already: most records bring no new name. */
  readonly #noted = new Set<string>()
  readonly #nowMs: () => number
  #addedRows = 0

  constructor(database: DatabaseSyncInstance, path: string, nowMs: () => number = Date.now) {
    this.#database = database
    this.#path = path
    this.#nowMs = nowMs
    this.#rollups = new SqliteRollupWriter(database)
    const places = fieldNames.map(() => '?').join(', ')
    this.#insert = database.prepare(
      `INSERT INTO records (${fieldNames.join(', ')}) VALUES (${places}) ON CONFLICT (id) DO NOTHING`,
    )
    this.#known = database.prepare(
      "SELECT timestamp, incomplete_reason = 'crash' AS guessed FROM records WHERE id = ?",
    )
    this.#insertSeen = database.prepare(
      'INSERT INTO seen (field, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
    )
    this.#clearOpen = database.prepare('DELETE FROM open_exchanges WHERE owner = ?')
    this.#deleteOpen = database.prepare('DELETE FROM open_exchanges WHERE id = ?')
    this.#insertOpen = database.prepare(
      'INSERT INTO open_exchanges (id, owner, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#touchOwner = database.prepare(
      `INSERT INTO owners (id, pid, machine, seen_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET seen_ms = excluded.seen_ms`,
    )
  }

  append(owner: Owner, { records, opened, ended }: Batch): Appended {
    return this.#transaction(() => {
      this.#touch(owner)
      const appended = this.#add(records)
      for (const id of ended) this.#deleteOpen.run(id)
      for (const record of opened) this.#insertOpen.run(record.id, owner.id, JSON.stringify(record))
      return appended
    })
  }

  closeOrphans(owner: Owner, nowMs: number): number {
    return this.#transaction(() => {
      this.#touch(owner)
      const owners = this.#database.prepare('SELECT id, pid, machine, seen_ms FROM owners').all() as {
        id: string
        pid: number
        machine: string
        seen_ms: number
      }[]
      let closed = 0
      for (const { id, pid, machine, seen_ms } of owners) {
        if (id === owner.id) continue
        const isHere = machine === owner.machine && isRunning(pid)
        if ((isHere || machine !== owner.machine) && nowMs - seen_ms < silentAfterMs) continue
        const left = this.#database.prepare('SELECT record FROM open_exchanges WHERE owner = ?').all(id) as {
          record: string
        }[]
        closed += this.#add(left.map(({ record }) => JSON.parse(record) as UsageRecord)).stored
        this.#forget(id)
      }
      return closed
    })
  }

  release(owner: Owner): void {
    this.#transaction(() => this.#forget(owner.id))
  }

  removeBefore(beforeMs: number): number {
    return this.#transaction(() => {
      const { changes } = this.#database.prepare('DELETE FROM records WHERE timestamp < ?').run(beforeMs)
      if (Number(changes) > 0) this.#rollups.removed(beforeMs)
      return Number(changes)
    })
  }

  /**
   * Does a piece of the work that rolls rows up, where there is enough of it; says whether there is more. A piece is as
   * large as what was added since the last one, so that roll-ups keep up with any load.
   */
  rollUp(steps: RollupSteps = usualSteps): boolean {
    if (this.#rollups.waiting() >= steps.stored) {
      this.#transaction(() => this.#rollups.store())
      return true
    }
    const most = Math.max(steps.gathered, this.#addedRows)
    this.#addedRows = 0
    if (this.#rollups.gather(steps.least, most)) return true
    return this.#rollups.weeks.mayBeDue && this.#transaction(() => this.#rollups.weeks.make())
  }

  /** Throws `StoreError` where the file is damaged. */
  check(): void {
    check(this.#database, this.#path)
  }

  /** What waits in the WAL goes into the file, where no reader needs it: on a full disk it would keep its room for ever. */
  shrinkJournal(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // There is no room for that either.
    }
  }

  close(): void {
    this.#database.close()
  }

  #add(records: readonly UsageRecord[]): Appended {
    const conflicts: string[] = []
    let stored = 0
    let known = 0
    for (const record of records) {
      const cells = cellsOf(record)
      if (Number(this.#insert.run(...cells).changes) === 1) {
        stored++
        this.#note(record)
        continue
      }
      const { timestamp, guessed } = this.#known.get(record.id) as {
        timestamp: number
        guessed: number | null
      }
      if (timestamp !== Date.parse(record.timestamp)) conflicts.push(record.id)
      else if (guessed === 1 && record.incomplete_reason !== 'crash') {
        this.#replace(record)
        stored++
      } else known++
    }
    this.#addedRows += stored
    return { stored, known, conflicts }
  }

  /**
   * A proxy that was held up and lives is taken for gone by another, what it had open for a crash: what it then tells is
   * what happened.
   */
  #replace(record: UsageRecord): void {
    this.#database.prepare('DELETE FROM records WHERE id = ?').run(record.id)
    this.#rollups.changed(Date.parse(record.timestamp))
    this.#insert.run(...cellsOf(record))
    this.#note(record)
  }

  #note(record: UsageRecord): void {
    for (const [field, value] of seenValues(record)) {
      const key = `${field}=${value}`
      if (this.#noted.has(key)) continue
      this.#insertSeen.run(field, value)
      if (this.#noted.size < 100_000) this.#noted.add(key)
    }
  }

  #touch({ id, pid, machine }: Owner): void {
    this.#touchOwner.run(id, pid, machine, this.#nowMs())
  }

  #forget(id: string): void {
    this.#clearOpen.run(id)
    this.#database.prepare('DELETE FROM owners WHERE id = ?').run(id)
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      // What was noted in a transaction that is undone is not.
      this.#noted.clear()
      this.#rollups.undone()
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}
