import { isUtf8 } from 'node:buffer'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { type ExportFormat, frames, type Piece, pieceOf } from '../../export/piece.ts'
import type { Cursor } from '../store.ts'
import { recordJson } from './columns.ts'
import { storedJson } from './stored-json.ts'
import { all, type Where } from './where.ts'

/** Records behind one place up to and with others, a piece for each. */
export interface Span {
  after: Cursor
  ends: readonly Cursor[]
}

const inOrder = 'ORDER BY timestamp, id'
const storedLines = { json: storedJson(frames.json), jsonl: storedJson(frames.jsonl) }

/** An export's pieces, and where one ends and the next begins. */
export class SqlitePieces {
  readonly #database: DatabaseSyncInstance
  /** The last one of a form is kept: preparing takes as long as fifty records do. */
  readonly #prepared = new Map<ExportFormat, { condition: string; statement: StatementSyncInstance }>()

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
  }

  /**
   * At most `most` places with `records` that fit from each to the next; fewer: less than `records` are behind the last.
   * Where `where` asks for times only, nothing but their index is read.
   */
  cuts(where: Where, after: Cursor, records: number, most: number): Cursor[] {
    const { sql, values } = all([{ sql: '(timestamp, id) > (?, ?)', values: [] }, where])
    const statement = this.#database.prepare(
      `SELECT timestamp AS atMs, id FROM records WHERE ${sql} ${inOrder} LIMIT 1 OFFSET ?`,
    )
    const cuts: Cursor[] = []
    for (let last = after; cuts.length < most; ) {
      const cut = statement.get(last.atMs, last.id, ...values, records - 1) as Cursor | undefined
      if (cut === undefined) break
      last = { atMs: cut.atMs, id: cut.id }
      cuts.push(last)
    }
    return cuts
  }

  pieces(where: Where, format: ExportFormat, { after, ends }: Span): Piece[] {
    let from = after
    const pieces = ends.map((end) => {
      const within = { ...where, values: [from.atMs, from.id, end.atMs, end.id, ...where.values] }
      from = end
      return (format === 'csv' ? null : this.#stored(within, format)) ?? this.#written(within, format)
    })
    return pieces.filter(({ records }) => records > 0)
  }

  /** Put together by SQLite: no text of it is ever a string here. Null: it is not such that it could be passed on. */
  #stored({ sql, values }: Where, format: 'json' | 'jsonl'): Piece | null {
    const statement = this.#statement(
      format,
      sql,
      (rows) => `SELECT CAST(group_concat(line, '') AS BLOB) AS bytes, count(*) AS records
        FROM (SELECT ${storedLines[format]} AS line ${rows})`,
    )
    const { bytes, records } = statement.get(...values) as { bytes: Uint8Array | null; records: number }
    if (bytes === null) return { bytes: new Uint8Array(), records: 0 }
    return isPlain(bytes, records) ? { bytes, records } : null
  }

  #written({ sql, values }: Where, format: ExportFormat): Piece {
    const statement = this.#statement('csv', sql, (rows) => `SELECT ${recordJson} AS line ${rows}`)
    const rows = statement.all(...values) as { line: string }[]
    return pieceOf(
      rows.map(({ line }) => line),
      format,
    )
  }

  /** `select` is given where the rows come from. */
  #statement(form: ExportFormat, condition: string, select: (rows: string) => string): StatementSyncInstance {
    const known = this.#prepared.get(form)
    if (known?.condition === condition) return known.statement
    // Places first: the database seeks the first bound that it finds, and goes through all that the others leave out.
    const rows = `FROM records
      WHERE (timestamp, id) > (?, ?) AND (timestamp, id) <= (?, ?) AND ${condition} ${inOrder}`
    const statement = this.#database.prepare(select(rows))
    this.#prepared.set(form, { condition, statement })
    return statement
  }
}

const [nul, newline, carriageReturn] = [0x00, 0x0a, 0x0d]

/** One record a line, and nothing in it that a program which wrote into the file may have left there. */
function isPlain({ buffer }: Uint8Array, records: number): boolean {
  // Searches faster than other arrays.
  const bytes = Buffer.from(buffer)
  if (bytes.includes(nul) || bytes.includes(carriageReturn) || !isUtf8(bytes)) return false
  let lines = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++
  return lines === records
}
