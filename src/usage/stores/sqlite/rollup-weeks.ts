import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { type Increment, UnitIncrements } from '../../rollups/roll.ts'
import { beginOf, endOf, unitMs } from '../../rollups/unit.ts'
import type { SqliteRollupTables } from './rollup-tables.ts'

/** So many are made at once: seven days of each are read. */
const keysAtOnce = 40

/** Up to which week, and in it up to which key, roll-ups are made. */
interface Made {
  week_ms: number
  week_key: number
}

/**
 * The roll-ups of weeks. A week's are made when it has been over for a day, some keys at a time, so that no commit waits
 * long behind them and the long ones are not written anew for each few records; what comes later is added to them.
 */
export class SqliteRollupWeeks {
  readonly #database: DatabaseSyncInstance
  readonly #tables: SqliteRollupTables
  /** False until days are added: looking costs little, but each commit would. */
  #mayBeDue = true

  constructor(database: DatabaseSyncInstance, tables: SqliteRollupTables) {
    this.#database = database
    this.#tables = tables
  }

  /** Days were added to: so are the weeks that are made. */
  add(days: readonly Increment[]): void {
    this.#mayBeDue = true
    const made = this.#made()
    const weeks = new UnitIncrements('week')
    weeks.add(days.filter(({ beginsMs }) => beginOf(beginsMs, 'week') <= made.week_ms))
    this.#tables.add('week', weeks.all, (beginsMs, key) => key <= lastMade(made, beginsMs))
  }

  get mayBeDue(): boolean {
    return this.#mayBeDue
  }

  /** Makes some, inside a transaction, where a week is over; says whether there is more to do. */
  make(): boolean {
    const { week_ms: madeMs, week_key: madeKey } = this.#made()
    const { first, last } = this.#tables.ends('day', madeMs)
    // Between two weeks those without a record are passed over.
    const weekMs = madeKey > 0 || first === null ? madeMs : beginOf(first, 'week')
    const endMs = weekMs + unitMs.week
    this.#mayBeDue = first !== null && (last ?? 0) > endMs
    if (!this.#mayBeDue) return false
    const lastKey = madeKey + keysAtOnce
    this.#tables.make('week', weekMs, 'day', endMs, { first: madeKey + 1, last: lastKey })
    if (lastKey < this.#tables.lastKey()) this.#note({ week_ms: weekMs, week_key: lastKey })
    else this.#note({ week_ms: endMs, week_key: 0 })
    return true
  }

  /** Days of the week that holds this time are other ones: so is the week, as far as it was made. */
  changed(atMs: number): void {
    const weekMs = beginOf(atMs, 'week')
    this.#tables.remove('week', { fromMs: weekMs, untilMs: weekMs + 1 })
    const last = lastMade(this.#made(), weekMs)
    if (last > 0) this.#tables.make('week', weekMs, 'day', endOf(atMs, 'week'), { first: 0, last })
  }

  #made(): Made {
    return this.#database.prepare('SELECT week_ms, week_key FROM rolled').get() as unknown as Made
  }

  #note({ week_ms, week_key }: Made): void {
    this.#database.prepare('UPDATE rolled SET week_ms = ?, week_key = ?').run(week_ms, week_key)
  }
}

/** Of a week the roll-ups are made up to this key. */
function lastMade({ week_ms, week_key }: Made, beginsMs: number): number {
  if (beginsMs < week_ms) return Number.MAX_SAFE_INTEGER
  return beginsMs === week_ms ? week_key : 0
}
