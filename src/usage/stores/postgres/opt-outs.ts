import type { OptOutChange } from '../../../core/opt-out-change.ts'
import { mostOptOuts, type OptOutsSince } from '../store.ts'
import type { Connection, Query } from './connection.ts'

/** Any number, but always this one. */
const lock = 7_310_115_847

/** Writes changes, where they are newer than what is there, and reads everybody's since `after`. */
export async function exchangeOptOuts(
  connection: Connection,
  changes: readonly OptOutChange[],
  after: number,
): Promise<OptOutsSince> {
  if (changes.length > 0) await connection.transaction((query) => write(query, changes))
  return await connection.ask(async (query) => {
    const { rows } = await query<OptOutChange & { seq: number }>(
      `SELECT session AS key, opted_out AS "isOptedOut", at_ms::float8 AS "atMs", seq::float8 AS seq
       FROM llmproxy_opt_outs WHERE seq >= $1::bigint ORDER BY seq`,
      [after],
    )
    return {
      changes: rows.map(({ key, isOptedOut, atMs }) => ({ key, isOptedOut, atMs })),
      newest: rows.at(-1)?.seq ?? 0,
    }
  })
}

/** One at a time: who has read a number must never find a smaller one later. */
async function write(query: Query, changes: readonly OptOutChange[]): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [lock])
  await query(
    `INSERT INTO llmproxy_opt_outs AS known (digest, session, opted_out, at_ms)
     SELECT sha256(convert_to(key, 'UTF8')), key, "isOptedOut", "atMs"
     FROM json_to_recordset($1::json) AS change (key text, "isOptedOut" boolean, "atMs" bigint)
     ON CONFLICT (digest) DO UPDATE
     SET opted_out = excluded.opted_out, at_ms = excluded.at_ms, seq = DEFAULT
     WHERE excluded.at_ms > known.at_ms
       OR (excluded.at_ms = known.at_ms AND known.opted_out AND NOT excluded.opted_out)`,
    [JSON.stringify(changes)],
  )
  await query(
    'DELETE FROM llmproxy_opt_outs WHERE seq <= (SELECT max(seq) FROM llmproxy_opt_outs) - $1::bigint',
    [mostOptOuts],
  )
}

export async function forgetOptOuts(connection: Connection, beforeMs: number): Promise<void> {
  await connection.ask((query) =>
    query('DELETE FROM llmproxy_opt_outs WHERE at_ms < $1::bigint', [Math.floor(beforeMs)]),
  )
}
