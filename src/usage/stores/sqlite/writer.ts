import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { UsageRecord } from '../../record/record.ts'
import { isRunning } from '../is-running.ts'
import { type Appended, type Batch, type Owner, silentAfterMs } from '../store.ts'
import { check } from './connection.ts'
import { NotedNames } from './noted-names.ts'
import { type PackedBatch, type PackedGroup, packedBatch, packedRecords } from './packed-batch.ts'
import { type Inserted, RecordInserts } from './record-inserts.ts'
import { idOf, isCrash, oneOf, openedAtMs, recordCount } from './record-rows.ts'
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
  readonly #inserts: RecordInserts
  readonly #known: StatementSyncInstance
  readonly #clearOpen: StatementSyncInstance
  readonly #deleteOpen: StatementSyncInstance
  readonly #insertOpen: StatementSyncInstance
  readonly #touchOwner: StatementSyncInstance
  readonly #rollups: SqliteRollupWriter
  readonly #names: NotedNames
  readonly #nowMs: () => number
  #addedRows = 0

  constructor(database: DatabaseSyncInstance, path: string, nowMs: () => number = Date.now) {
    this.#database = database
    this.#path = path
    this.#nowMs = nowMs
    this.#rollups = new SqliteRollupWriter(database)
    this.#inserts = new RecordInserts(database)
    this.#names = new NotedNames(database)
    this.#known = database.prepare(
      "SELECT rowid AS row, timestamp, incomplete_reason = 'crash' AS guessed FROM records WHERE id = ?",
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

  append(owner: Owner, batch: Batch): Appended {
    return this.appendPacked(owner, packedBatch(batch))
  }

  appendPacked(owner: Owner, { groups, opened, ended }: PackedBatch): Appended {
    return this.#transaction(() => {
      this.#touch(owner)
      const appended = this.#add(groups)
      for (const id of ended) this.#deleteOpen.run(id)
      for (const { id, record } of opened) this.#insertOpen.run(id, owner.id, record)
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
        const records = left.map(({ record }) => JSON.parse(record) as UsageRecord)
        closed += this.#add(packedRecords(records)).stored
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

  #add(groups: readonly PackedGroup[]): Appended {
    const sum = { stored: 0, known: 0, conflicts: [] as string[] }
    for (const group of groups) {
      const count = recordCount(group)
      let stored = 0
      for (const piece of this.#inserts.insert(group)) {
        stored += piece.stored
        if (piece.stored === piece.until - piece.from) this.#rollups.added(group, piece)
        else stored += this.#compare(group, piece, sum)
      }
      if (stored > 0) this.#names.note(group)
      sum.stored += stored
      sum.known += count - stored
    }
    sum.known -= sum.conflicts.length
    this.#addedRows += sum.stored
    return sum
  }

  /**
   * Some of a piece had been there: as what they are now, as what was guessed of them, or as other exchanges. Says how
   * many were replaced.
   */
  #compare(group: PackedGroup, { from, until, behind }: Inserted, sum: { conflicts: string[] }): number {
    let replaced = 0
    for (let index = from; index < until; index++) {
      const { row, timestamp, guessed } = this.#known.get(idOf(group, index)) as {
        row: number
        timestamp: number
        guessed: number | null
      }
      if (timestamp !== openedAtMs(group, index)) sum.conflicts.push(idOf(group, index))
      else if (row <= behind && guessed === 1 && !isCrash(group)) {
        this.#replace(group, index)
        replaced++
      }
    }
    return replaced
  }

  /**
   * A proxy that was held up and lives is taken for gone by another, what it had open for a crash: what it then tells is
   * what happened.
   */
  #replace(group: PackedGroup, index: number): void {
    this.#database.prepare('DELETE FROM records WHERE id = ?').run(idOf(group, index))
    this.#rollups.changed(openedAtMs(group, index))
    for (const _ of this.#inserts.insert(oneOf(group, index)));
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
      this.#rollups.committed()
      return result
    } catch (error) {
      // What was noted in a transaction that is undone is not.
      this.#names.undone()
      this.#rollups.undone()
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}
