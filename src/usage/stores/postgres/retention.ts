import { Increments } from '../../rollups/roll.ts'
import { addStored } from '../../rollups/stored-tally.ts'
import { beginOf, endOf, unitMs } from '../../rollups/unit.ts'
import { Tally } from '../../statistics/tally.ts'
import { pagesOfRows } from './add-rows.ts'
import { type Connection, inTransaction, type Query } from './connection.ts'
import {
  addToRollups,
  beginLocked,
  deleteRollups,
  lockRollups,
  putRollups,
  rollupsOf,
} from './rollup-tables.ts'

/** About so many rows are removed at once. */
const rowsPerPiece = 20_000
/** One hour may have more rows, and goes whole. */
const removalMs = 120_000

/**
 * Removes rows with what roll-ups hold of them, oldest first, in pieces that end where an hour or a day does: so only
 * the last one cuts an hour, which is then added up anew. Says how many rows. Not for the connection that writes: what
 * closes must not wait for a year to go.
 */
export async function removeBefore(
  connection: Connection,
  beforeMs: number,
  perPiece = rowsPerPiece,
): Promise<number> {
  for (let removed = 0; ; ) {
    const piece = await connection.ask((query) =>
      inTransaction(query, () => removePiece(query, beforeMs, perPiece), beginLocked),
    )
    removed += piece.rows
    if (piece.cutMs === beforeMs) return removed
  }
}

async function removePiece(
  query: Query,
  beforeMs: number,
  perPiece: number,
): Promise<{ cutMs: number; rows: number }> {
  await lockRollups(query)
  const cutMs = await cutOf(query, beforeMs, perPiece)
  const { count } = await query(
    'DELETE FROM llmproxy_records WHERE "timestamp" < $1::bigint',
    [cutMs],
    removalMs,
  )
  if (count > 0) {
    // The hour and the day that hold the cut go too.
    for (const unit of ['hour', 'day'] as const) {
      await deleteRollups(query, unit, Math.ceil(cutMs / unitMs[unit]) * unitMs[unit])
    }
    if (cutMs % unitMs.hour !== 0) await remakeHour(query, cutMs)
    if (cutMs % unitMs.day !== 0) await remakeDay(query, cutMs)
  }
  return { cutMs, rows: count }
}

/** Where the next piece ends: with a day where one is small enough, else with an hour. */
async function cutOf(query: Query, beforeMs: number, perPiece: number): Promise<number> {
  const { rows } = await query<{ first: number | null; end: number | null }>(
    `SELECT (SELECT "timestamp" FROM llmproxy_records ORDER BY "timestamp", id LIMIT 1)::float8 AS first,
       (SELECT "timestamp" FROM llmproxy_records WHERE "timestamp" < $1::bigint
        ORDER BY "timestamp", id OFFSET $2::bigint LIMIT 1)::float8 AS end`,
    [beforeMs, perPiece],
  )
  const { first = null, end = null } = rows[0] ?? {}
  if (first === null || end === null) return beforeMs
  const ends = [beginOf(end, 'day'), beginOf(end, 'hour')]
  return Math.min(ends.find((ms) => ms > first) ?? endOf(first, 'hour'), beforeMs)
}

/** Out of the rows that are left of it. */
async function remakeHour(query: Query, cutMs: number): Promise<void> {
  const increments = new Increments()
  const endMs = endOf(cutMs, 'hour')
  const left = pagesOfRows(
    query,
    (place) => `rolled AND "timestamp" >= ${place(cutMs)}::bigint AND "timestamp" < ${place(endMs)}::bigint`,
    'time',
  )
  for await (const rows of left) for (const { record, atMs } of rows) increments.add(record, atMs)
  await addToRollups(query, 'hour', increments.take())
}

/** A day is its hours. */
async function remakeDay(query: Query, cutMs: number): Promise<void> {
  const beginsMs = beginOf(cutMs, 'day')
  const days = new Map<number, Tally>()
  for (let atMs = beginOf(cutMs, 'hour'); atMs < beginsMs + unitMs.day; atMs += unitMs.hour) {
    for await (const { key, sums, sketches } of rollupsOf(query, 'hour', atMs)) {
      const tally = days.get(key) ?? new Tally(true)
      days.set(key, tally)
      addStored(tally, sums, sketches)
    }
  }
  await putRollups(
    query,
    'day',
    [...days].map(([key, tally]) => ({ beginsMs, key, tally })),
  )
}
