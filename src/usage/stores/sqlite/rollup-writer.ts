import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { Increments, UnitIncrements } from '../../rollups/roll.ts'
import { beginOf, endOf, type Unit } from '../../rollups/unit.ts'
import type { Cell } from './columns.ts'
import { countedNames, countedRecord, countedWidth } from './counted-rows.ts'
import { GroupFacts } from './group-facts.ts'
import type { PackedGroup } from './packed-batch.ts'
import type { Inserted } from './record-inserts.ts'
import { SqliteRollupTables } from './rollup-tables.ts'
import { SqliteRollupWeeks } from './rollup-weeks.ts'

const units: readonly Unit[] = ['hour', 'day', 'week']
/** The first moment that a date can name. */
const earliestMs = -8.64e15

/** Of what another process has written so many are read before what this one did, which would wait for them otherwise. */
const mostMissing = 500

interface FreshRows {
  group: PackedGroup
  rows: Inserted
}

/** Up to which row the roll-ups go, and how often rows were removed or replaced. */
interface Rolled {
  up_to: number
  remade: number
}

/**
 * Keeps the roll-ups of a file. They go up to a row; what was added behind it is read as records until some thousands
 * are rolled up together, so that not every commit of a few records writes each of their roll-ups anew. They are added
 * up beforehand, a few at a time: rows are only ever added behind the last one, and are never changed.
 */
export class SqliteRollupWriter {
  readonly weeks: SqliteRollupWeeks
  readonly #database: DatabaseSyncInstance
  readonly #tables: SqliteRollupTables
  readonly #gathered = new Increments()
  /** What `#gathered` goes on from, and up to which row. */
  #from: Rolled | null = null
  #gatheredTo = 0
  /** Rows of the transaction that runs, as far as they follow one another. */
  #fresh: FreshRows[] = []
  #rolledBefore: Rolled | null = null

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
    this.#tables = new SqliteRollupTables(database)
    this.weeks = new SqliteRollupWeeks(database, this.#tables)
  }

  /** Rows that are gathered and not stored. */
  waiting(): number {
    const rolled = this.#rolled()
    return this.#goesOnFrom(rolled) ? this.#gatheredTo - rolled.up_to : 0
  }

  /**
   * Records were written, in a transaction that runs, as the rows behind one: when it is done they are gathered without
   * being read again.
   */
  added(group: PackedGroup, rows: Inserted): void {
    this.#rolledBefore ??= this.#rolled()
    this.#fresh.push({ group, rows })
  }

  /** The transaction is done. */
  committed(): void {
    const rolled = this.#rolledBefore
    if (rolled === null) return
    if (!this.#goesOnFrom(rolled)) this.#begin(rolled)
    for (const { group, rows } of this.#fresh) this.#gather(group, rows)
    this.#forgetFresh()
  }

  /** Reads the next rows, `most` of them, where there are `least`; says whether there were. */
  gather(least: number, most: number): boolean {
    const rolled = this.#rolled()
    if (!this.#goesOnFrom(rolled)) this.#begin(rolled)
    if (this.#lastRow() - this.#gatheredTo < least) return false
    this.#read(most)
    return true
  }

  /** Stores what was gathered, inside a transaction, unless another process has done so. */
  store(): void {
    if (this.#goesOnFrom(this.#rolled())) {
      const hours = this.#gathered.take()
      const days = new UnitIncrements('day')
      days.add(hours)
      // Of a week first: what is added to a day takes in what the day had.
      this.weeks.add(days.all)
      this.#tables.add('day', days.all)
      this.#tables.add('hour', hours)
      this.#rolledUpTo(this.#gatheredTo)
    }
    this.#from = null
  }

  /** Records before then were removed: so are their roll-ups, and those that were cut are made anew. */
  removed(beforeMs: number): void {
    for (const unit of units) {
      this.#tables.remove(unit, { fromMs: earliestMs, untilMs: beginOf(beforeMs, unit) })
    }
    this.changed(beforeMs)
    // A row that comes after the last one was removed may get a number that was there before.
    const last = this.#lastRow()
    if (this.#rolled().up_to > last) this.#rolledUpTo(last)
  }

  /** Rows of this hour were removed: its roll-ups are made anew, as are those of its day and week. */
  changed(atMs: number): void {
    const hourMs = beginOf(atMs, 'hour')
    const dayMs = beginOf(atMs, 'day')
    this.#tables.remove('hour', { fromMs: hourMs, untilMs: hourMs + 1 })
    this.#tables.remove('day', { fromMs: dayMs, untilMs: dayMs + 1 })
    this.#remakeHour(hourMs)
    this.#tables.make('day', dayMs, 'hour', endOf(atMs, 'day'))
    this.weeks.changed(atMs)
    // What any process has gathered of them does not hold any more.
    this.#database.exec('UPDATE rolled SET remade = remade + 1')
  }

  /** What a transaction that was undone had noted is forgotten. */
  undone(): void {
    this.#tables.undone()
    this.#from = null
    this.#forgetFresh()
  }

  #forgetFresh(): void {
    this.#fresh = []
    this.#rolledBefore = null
  }

  /** What another process wrote before them is read first; more than a little of it waits for its turn, and they with it. */
  #gather(group: PackedGroup, { behind, from, until }: Inserted): void {
    const missing = behind - this.#gatheredTo
    if (missing < 0 || missing > mostMissing) return
    if (missing > 0) this.#read(missing)
    if (this.#gatheredTo > behind) return
    this.#gatheredTo = behind + until - from
    const facts = new GroupFacts(group)
    for (let index = from; index < until; index++) {
      this.#gathered.addFact(facts.key, facts.of(index))
    }
  }

  #goesOnFrom(rolled: Rolled): boolean {
    return this.#from?.up_to === rolled.up_to && this.#from.remade === rolled.remade
  }

  #begin(rolled: Rolled): void {
    this.#gathered.take()
    this.#from = rolled
    this.#gatheredTo = rolled.up_to
  }

  #read(rows: number): void {
    for (const row of this.#cells(
      `SELECT ${countedNames}, rowid FROM records WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      [this.#gatheredTo, rows],
    )) {
      const { record, atMs } = countedRecord(row)
      this.#gathered.add(record, atMs)
      this.#gatheredTo = Number(row[countedWidth])
    }
  }

  #remakeHour(hourMs: number): void {
    const increments = new Increments()
    for (const row of this.#cells(
      `SELECT ${countedNames} FROM records WHERE timestamp >= ? AND timestamp < ? AND rowid <= ?`,
      [hourMs, endOf(hourMs, 'hour'), this.#rolled().up_to],
    )) {
      const { record, atMs } = countedRecord(row)
      increments.add(record, atMs)
    }
    this.#tables.add('hour', increments.take())
  }

  #lastRow(): number {
    return this.#one<{ last: number | null }>('SELECT max(rowid) AS last FROM records').last ?? 0
  }

  #rolled(): Rolled {
    return this.#one<Rolled>('SELECT up_to, remade FROM rolled')
  }

  #rolledUpTo(row: number): void {
    this.#database.prepare('UPDATE rolled SET up_to = ?').run(row)
  }

  #cells(sql: string, values: readonly number[]): Cell[][] {
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    return statement.all(...values) as unknown as Cell[][]
  }

  #one<T>(sql: string): T {
    return this.#database.prepare(sql).get() as T
  }
}
