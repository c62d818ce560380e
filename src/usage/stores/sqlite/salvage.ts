import { existsSync, renameSync } from 'node:fs'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { fieldKinds, fieldNames } from '../../record/fields.ts'
import { seenValues } from '../seen.ts'
import type { Cell } from './columns.ts'
import { openFile } from './connection.ts'

/** Rows that are copied at once; around damage the range is halved down to one. */
const rangeRows = 10_000

/**
 * Sets a damaged ledger aside under a dated name, never overwriting it, and copies what can be read of it into a new
 * one. Returns what was done, as a sentence for the log.
 */
export function salvage(path: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  const aside = `${path}.damaged-${stamp}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(path + ending)) renameSync(path + ending, aside + ending)
  }
  const to = openFile(path, 'write')
  try {
    const copied = copyReadable(aside, to)
    return `the ledger ${path} was damaged; it is set aside as ${aside}, and ${copied} records could be read and are kept`
  } finally {
    to.close()
  }
}

function copyReadable(from: string, to: DatabaseSyncInstance): number {
  let damaged: DatabaseSyncInstance | undefined
  try {
    // To write, for its WAL may have to be read in first.
    damaged = new DatabaseSync(from)
    // Lets SQLite read a file that is shorter than its head says.
    damaged.enableDefensive(false)
    damaged.exec('PRAGMA writable_schema = ON')
    return copyRanges(damaged, to)
  } catch {
    // Not even its tables can be found.
    return 0
  } finally {
    damaged?.close()
  }
}

function copyRanges(from: DatabaseSyncInstance, to: DatabaseSyncInstance): number {
  const names = fieldNames.join(', ')
  const read = from.prepare(`SELECT ${names} FROM records WHERE rowid BETWEEN ? AND ? ORDER BY rowid`)
  read.setReturnArrays(true)
  const insert = to.prepare(
    `INSERT INTO records (${names}) VALUES (${fieldNames.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`,
  )
  const seen = to.prepare('INSERT INTO seen (field, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const last = lastRow(from)
  let copied = 0

  function copy(first: number, end: number): void {
    let rows: Cell[][]
    try {
      rows = read.all(first, end) as unknown as Cell[][]
    } catch {
      if (first === end) return
      const middle = Math.floor((first + end) / 2)
      copy(first, middle)
      copy(middle + 1, end)
      return
    }
    for (const row of rows) if (copyRow(row)) copied++
  }

  /** A row whose cells make no record any more is left where it is. */
  function copyRow(row: readonly Cell[]): boolean {
    try {
      const record = recordOf(row)
      if (Number(insert.run(...row).changes) === 0) return false
      for (const [field, value] of seenValues(record)) seen.run(field, value)
      return true
    } catch {
      return false
    }
  }

  to.exec('BEGIN')
  try {
    for (let first = 1; first <= last; first += rangeRows) copy(first, Math.min(last, first + rangeRows - 1))
  } finally {
    to.exec('COMMIT')
  }
  return copied
}

/** Where even the largest rowid cannot be read, ranges are tried up to what a file of its pages could hold. */
function lastRow(from: DatabaseSyncInstance): number {
  try {
    const row = from.prepare('SELECT max(rowid) AS last FROM records').get() as { last: number | null }
    return row.last ?? 0
  } catch {
    const { page_count } = from.prepare('PRAGMA page_count').get() as { page_count: number }
    return page_count * 16
  }
}

/** The record of a row, as much of it as `seenValues` looks at. Throws where a cell is not what its column holds. */
function recordOf(row: readonly Cell[]): Parameters<typeof seenValues>[0] {
  const record = Object.fromEntries(
    fieldNames.map((name, index) => {
      const cell = row[index] ?? null
      return [name, fieldKinds[name] === 'json' && cell !== null ? JSON.parse(String(cell)) : cell]
    }),
  )
  return record as Parameters<typeof seenValues>[0]
}
