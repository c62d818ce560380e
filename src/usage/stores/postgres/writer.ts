import type { UsageRecord } from '../../record/record.ts'
import { isRunning } from '../is-running.ts'
import { seenValues } from '../seen.ts'
import { type Appended, type Batch, type Owner, silentAfterMs } from '../store.ts'
import { insertRecords, rowsJson, storable } from './columns.ts'
import type { Connection, Query } from './connection.ts'
import { lockRollups } from './rollup-tables.ts'

const mostNoted = 100_000

/** The database's clock: those of several machines differ. */
const nowMs = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

/** Everything that brings records into the database. */
export class PostgresWriter {
  readonly #connection: Connection
  readonly #silentMs: number
  /** What this thread has noted already: most records bring no new name. */
  readonly #noted = new Set<string>()

  constructor(connection: Connection, silentMs = silentAfterMs) {
    this.#connection = connection
    this.#silentMs = silentMs
  }

  append(owner: Owner, batch: Batch): Promise<Appended> {
    return this.#transaction(async (query) => {
      await query(
        `INSERT INTO llmproxy_owners (id, pid, machine, seen_ms) VALUES ($1, $2, $3, ${nowMs})
         ON CONFLICT (id) DO UPDATE SET seen_ms = excluded.seen_ms`,
        [owner.id, owner.pid, owner.machine],
      )
      return await this.#addBatch(query, owner, batch)
    })
  }

  /** What an owner left that does not live any more: it must not look as if it had just been heard of. */
  appendOfGone(owner: Owner, batch: Batch): Promise<Appended> {
    return this.#transaction(async (query) => {
      if (batch.opened.length > 0) {
        await query(
          `INSERT INTO llmproxy_owners (id, pid, machine, seen_ms) VALUES ($1, $2, $3, 0)
           ON CONFLICT (id) DO NOTHING`,
          [owner.id, owner.pid, owner.machine],
        )
      }
      return await this.#addBatch(query, owner, batch)
    })
  }

  /**
   * Silence counts only while the database has been there for us: when it comes back after an outage nobody has been
   * heard of for a while.
   */
  closeOrphans(owner: Owner): Promise<number> {
    return this.#transaction(async (query) => {
      await query(`UPDATE llmproxy_owners SET seen_ms = ${nowMs} WHERE id = $1`, [owner.id])
      const hasListened = this.#connection.connectedForMs() >= this.#silentMs
      const { rows: owners } = await query<Owner & { silent: boolean }>(
        // One that writes just now lives, and one that another proxy closes is closed.
        `SELECT id, pid::float8 AS pid, machine, ${nowMs} - seen_ms >= $2 AS silent
         FROM llmproxy_owners WHERE id <> $1 ORDER BY id FOR UPDATE SKIP LOCKED`,
        [owner.id, this.#silentMs],
      )
      let closed = 0
      for (const { id, pid, machine, silent } of owners) {
        const hasEnded = machine === owner.machine && !isRunning(pid)
        if (hasEnded || (silent && hasListened)) closed += await this.#closeAll(query, id)
      }
      return closed
    })
  }

  release(owner: Owner): Promise<void> {
    return this.#transaction((query) => forget(query, owner.id))
  }

  async #closeAll(query: Query, ownerId: string): Promise<number> {
    const { rows } = await query<{ record: UsageRecord }>(
      'SELECT record FROM llmproxy_open_exchanges WHERE owner = $1',
      [ownerId],
    )
    const { stored } = await this.#add(
      query,
      rows.map(({ record }) => record),
    )
    await forget(query, ownerId)
    return stored
  }

  async #addBatch(query: Query, owner: Owner, { records, opened, ended }: Batch): Promise<Appended> {
    const appended = await this.#add(query, records)
    if (opened.length > 0) {
      await query(
        `INSERT INTO llmproxy_open_exchanges (id, owner, record)
         SELECT record ->> 'id', $1, record FROM json_array_elements($2::json) AS opened (record)
         ON CONFLICT (id) DO NOTHING`,
        [owner.id, storable(opened)],
      )
    }
    // Of several batches in one piece, what one opened another may have ended.
    if (ended.length > 0) await query('DELETE FROM llmproxy_open_exchanges WHERE id = ANY ($1)', [ended])
    return appended
  }

  async #add(query: Query, records: readonly UsageRecord[]): Promise<Appended> {
    const stored = await this.#insert(query, records)
    if (stored.size === records.length) return { stored: stored.size, known: 0, conflicts: [] }
    const { rows } = await query<{ id: string; at: number; guessed: boolean }>(
      `SELECT id, "timestamp"::float8 AS at, coalesce(incomplete_reason = 'crash' AND NOT rolled, false) AS guessed
       FROM llmproxy_records WHERE id = ANY ($1)`,
      [records.map(({ id }) => id)],
    )
    const there = new Map(rows.map((row) => [row.id, row]))
    const conflicts = records
      .filter(({ id, timestamp }) => there.get(id)?.at !== Date.parse(timestamp))
      .map(({ id }) => id)
    const told = await this.#replaceGuesses(
      query,
      records.filter(
        ({ id, incomplete_reason: reason }) =>
          reason !== 'crash' && there.get(id)?.guessed === true && !conflicts.includes(id),
      ),
    )
    const count = stored.size + told
    return { stored: count, known: records.length - count - conflicts.length, conflicts }
  }

  /**
   * A proxy that was cut off from the database and lives is taken for gone by the others, what it had open for a crash:
   * what it then tells is what happened. Roll-ups cannot give back what they hold: in them it stays a crash.
   */
  async #replaceGuesses(query: Query, told: readonly UsageRecord[]): Promise<number> {
    if (told.length === 0) return 0
    await lockRollups(query)
    const { rows } = await query<{ id: string }>(
      `DELETE FROM llmproxy_records WHERE id = ANY ($1) AND incomplete_reason = 'crash' AND NOT rolled RETURNING id`,
      [told.map(({ id }) => id)],
    )
    const gone = new Set(rows.map(({ id }) => id))
    const stored = await this.#insert(
      query,
      told.filter(({ id }) => gone.has(id)),
    )
    return stored.size
  }

  /** The ids of those that were not there yet. */
  async #insert(query: Query, records: readonly UsageRecord[]): Promise<Set<string>> {
    if (records.length === 0) return new Set()
    const { rows } = await query<{ id: string }>(insertRecords, [rowsJson(records)])
    const stored = new Set(rows.map(({ id }) => id))
    await this.#note(
      query,
      records.filter(({ id }) => stored.has(id)),
    )
    return stored
  }

  async #note(query: Query, records: readonly UsageRecord[]): Promise<void> {
    const fresh = new Map<string, readonly [string, string]>()
    for (const record of records) {
      for (const [field, value] of seenValues(record)) {
        const key = `${field}=${value}`
        if (!this.#noted.has(key)) fresh.set(key, [field, value])
      }
    }
    if (fresh.size === 0) return
    // In one order for all: two that wait for each other's values would wait for ever.
    const keys = [...fresh.keys()].sort()
    const pairs = storable(keys.map((key) => fresh.get(key)))
    await query(
      `INSERT INTO llmproxy_seen (field, value) SELECT pair ->> 0, pair ->> 1
       FROM json_array_elements($1::json) WITH ORDINALITY AS pairs (pair, place) ORDER BY place
       ON CONFLICT DO NOTHING`,
      [pairs],
    )
    for (const key of keys) if (this.#noted.size < mostNoted) this.#noted.add(key)
  }

  async #transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    try {
      return await this.#connection.transaction(work)
    } catch (error) {
      // What was noted in a transaction that is undone is not.
      this.#noted.clear()
      throw error
    }
  }
}

async function forget(query: Query, ownerId: string): Promise<void> {
  await query('DELETE FROM llmproxy_open_exchanges WHERE owner = $1', [ownerId])
  await query('DELETE FROM llmproxy_owners WHERE id = $1', [ownerId])
}
