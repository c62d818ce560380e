import { Increments, UnitIncrements } from '../../rollups/roll.ts'
import { type Connection, inTransaction, type Query } from './connection.ts'
import { countedLine, countedRecord } from './counted-rows.ts'
import { addToRollups, beginLocked, pieces, tryToLock } from './rollup-tables.ts'

/** How many rows must wait, how many are rolled up together then, and how many of these are read at once. */
export interface RollupSteps {
  least: number
  most: number
  page: number
}

/**
 * Few enough at once that no commit waits long for the thread; enough together that the roll-ups of the hour and the day
 * are not written anew for each few.
 */
export const usualSteps: RollupSteps = { least: 5_000, most: 5_000, page: 500 }

/**
 * Rolls up the rows that came first, where enough wait, all of it or nothing; says whether it did. A row says of itself
 * whether the roll-ups hold it: its number was given before its commit, so that one with a smaller number may come later.
 */
export function rollUp(connection: Connection, steps: RollupSteps = usualSteps): Promise<boolean> {
  return connection.ask((query) =>
    inTransaction(
      query,
      async () => (await tryToLock(query)) && (await isWaiting(query, steps.least)) && roll(query, steps),
      beginLocked,
    ),
  )
}

async function isWaiting(query: Query, least: number): Promise<boolean> {
  const { rows } = await query(
    'SELECT 1 FROM llmproxy_records WHERE NOT rolled ORDER BY seq OFFSET $1::bigint LIMIT 1',
    [least - 1],
  )
  return rows.length > 0
}

async function roll(query: Query, { most, page }: RollupSteps): Promise<true> {
  const increments = new Increments()
  const rolled: string[] = []
  while (rolled.length < most) {
    const { rows } = await query<{ line: string; seq: string }>(
      `SELECT ${countedLine} AS line, seq FROM llmproxy_records WHERE NOT rolled AND seq > $1::bigint
       ORDER BY seq LIMIT $2::bigint`,
      [rolled.at(-1) ?? 0, Math.min(page, most - rolled.length)],
    )
    for (const { line, seq } of rows) {
      const { record, atMs } = countedRecord(line)
      increments.add(record, atMs)
      rolled.push(seq)
    }
    if (rows.length < page) break
  }
  const days = new UnitIncrements('day')
  for (const hours of pieces(increments.take())) {
    days.add(hours)
    await addToRollups(query, 'hour', hours)
  }
  await addToRollups(query, 'day', days.all)
  await query('UPDATE llmproxy_records SET rolled = true WHERE NOT rolled AND seq = ANY ($1::bigint[])', [
    rolled,
  ])
  return true
}
