import type { Increment } from '../../rollups/roll.ts'
import { addStored, sketchBytes, sumsBytes } from '../../rollups/stored-tally.ts'
import type { Unit } from '../../rollups/unit.ts'
import type { Tally } from '../../statistics/tally.ts'
import type { Query } from './connection.ts'

/** So many are read, merged and written at once: between two such pieces of work others of the thread have their turn. */
const atOnce = 100

/** A roll-up, its key by number. */
export interface Rollup {
  beginsMs: number
  key: number
  tally: Tally
}

interface Stored {
  sums: Uint8Array
  sketches: Uint8Array
}

/** One proxy at a time may change roll-ups, or remove rows that they hold. Any number, but always this one. */
const lock = 7_310_115_847

/** Held until the transaction ends. False: another proxy has it. */
export async function tryToLock(query: Query): Promise<boolean> {
  const { rows } = await query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [lock])
  return rows[0]?.held === true
}

export async function lockRollups(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [lock])
}

/** After the lock each statement must see what was done before it, whatever the database's default is. */
export const beginLocked = 'BEGIN ISOLATION LEVEL READ COMMITTED'

/** Adds to the roll-ups of a unit, which are made where there are none. */
export async function addToRollups(
  query: Query,
  unit: Unit,
  increments: readonly Increment[],
): Promise<void> {
  const ids = await idsOf(query, [...new Set(increments.map(({ key }) => key))])
  const rollups = increments.map(({ beginsMs, key, tally }) => ({ beginsMs, key: ids.get(key) ?? 0, tally }))
  for (const some of pieces(rollups)) {
    const { rows } = await query<Stored & { place: number }>(
      `SELECT place::int, sums, sketches
       FROM unnest($2::bigint[], $3::int[]) WITH ORDINALITY AS wanted (begins_ms, key, place)
       JOIN llmproxy_rollup_sums USING (begins_ms, key)
       JOIN llmproxy_rollup_sketches USING (unit, begins_ms, key) WHERE unit = $1`,
      [unit, ...placesOf(some)],
    )
    for (const { place, sums, sketches } of rows) {
      const rollup = some[place - 1]
      if (rollup) addStored(rollup.tally, sums, sketches)
    }
    await write(query, unit, some)
  }
}

/** In the place of those that are there. */
export async function putRollups(query: Query, unit: Unit, rollups: readonly Rollup[]): Promise<void> {
  for (const some of pieces(rollups)) await write(query, unit, some)
}

/** Of one hour or day. */
export async function* rollupsOf(
  query: Query,
  unit: Unit,
  beginsMs: number,
): AsyncGenerator<Stored & { key: number }> {
  const { rows } = await query<Stored & { key: number }>(
    `SELECT key, sums, sketches FROM llmproxy_rollup_sums JOIN llmproxy_rollup_sketches USING (unit, begins_ms, key)
     WHERE unit = $1 AND begins_ms = $2::bigint`,
    [unit, beginsMs],
  )
  yield* rows
}

export async function deleteRollups(query: Query, unit: Unit, beforeMs: number): Promise<void> {
  for (const table of ['llmproxy_rollup_sums', 'llmproxy_rollup_sketches']) {
    await query(`DELETE FROM ${table} WHERE unit = $1 AND begins_ms < $2::bigint`, [unit, beforeMs])
  }
}

async function write(query: Query, unit: Unit, rollups: readonly Rollup[]): Promise<void> {
  const [begins, keys] = placesOf(rollups)
  await query(
    `INSERT INTO llmproxy_rollup_sums (unit, begins_ms, key, records, sums)
     SELECT $1, added.* FROM unnest($2::bigint[], $3::int[], $4::bigint[], $5::bytea[]) AS added
     ON CONFLICT (unit, begins_ms, key) DO UPDATE SET records = excluded.records, sums = excluded.sums`,
    [
      ...[unit, begins, keys],
      rollups.map(({ tally }) => tally.sums.requests),
      rollups.map(({ tally }) => sumsBytes(tally)),
    ],
  )
  await query(
    `INSERT INTO llmproxy_rollup_sketches (unit, begins_ms, key, sketches)
     SELECT $1, added.* FROM unnest($2::bigint[], $3::int[], $4::bytea[]) AS added
     ON CONFLICT (unit, begins_ms, key) DO UPDATE SET sketches = excluded.sketches`,
    [unit, begins, keys, rollups.map(({ tally }) => sketchBytes(tally))],
  )
}

/** Under the lock nobody else adds one: without a conflict no number is used up. */
async function idsOf(query: Query, keys: readonly string[]): Promise<Map<string, number>> {
  await query(
    `INSERT INTO llmproxy_rollup_keys (key) SELECT wanted.key FROM unnest($1::text[]) AS wanted (key)
     WHERE NOT EXISTS (SELECT 1 FROM llmproxy_rollup_keys AS known WHERE known.key = wanted.key)`,
    [keys],
  )
  const { rows } = await query<{ id: number; key: string }>(
    'SELECT id, key FROM llmproxy_rollup_keys WHERE key = ANY ($1::text[])',
    [keys],
  )
  return new Map(rows.map(({ id, key }) => [key, id]))
}

function placesOf(rollups: readonly Rollup[]): [begins: number[], keys: number[]] {
  return [rollups.map(({ beginsMs }) => beginsMs), rollups.map(({ key }) => key)]
}

export function* pieces<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += atOnce) yield all.slice(at, at + atOnce)
}
