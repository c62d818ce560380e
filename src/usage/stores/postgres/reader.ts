import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { isAnswerable } from '../../rollups/answerable.ts'
import { Aggregate, type Stats } from '../../statistics/aggregate.ts'
import { exactUpTo } from '../../statistics/values.ts'
import { means, type SeenField, unseenValues } from '../seen.ts'
import type { Page, PageQuery } from '../store.ts'
import { pagesOfRows } from './add-rows.ts'
import { recordJson } from './columns.ts'
import { type Connection, inTransaction, type Query } from './connection.ts'
import { hasRollups } from './migrations.ts'
import { PostgresRollupReader } from './rollup-reader.ts'
import { type Place, places, type SeenModels, whereOf } from './where.ts'

interface Row {
  line: string
  at: number
  id: string
}

/**
 * Everything that only reads. Each page is a question of its own, between which others have their turn; only what
 * roll-ups answer is read in one go, as of one moment.
 */
export class PostgresReader {
  readonly #connection: Connection
  readonly #exactUpTo: number
  /** Each question by itself, in its turn. */
  readonly #query: Query

  /** `mostExact`: of so many records percentiles are exact. */
  constructor(connection: Connection, mostExact = exactUpTo) {
    this.#connection = connection
    this.#exactUpTo = mostExact
    this.#query = (...asked) => connection.ask((query) => query(...asked))
  }

  async stats(query: StatsQuery): Promise<Stats> {
    return (await this.#fromRollups(query)) ?? (await this.#fromRecords(query))
  }

  /** Null where records must answer: roll-ups do not know it, or it is few enough to be exact. */
  async #fromRollups(query: StatsQuery): Promise<Stats | null> {
    if (!isAnswerable(query)) return null
    return await this.#connection.ask((ask) =>
      inTransaction(
        ask,
        async () => {
          if (!(await hasRollups(ask))) return null
          const models = await seenModels(ask, query.filter)
          const rollups = await PostgresRollupReader.of(ask, query, models)
          const isFew =
            (await rollups.count()) <= this.#exactUpTo &&
            (await countOf(ask, query.filter, models, this.#exactUpTo)) !== null
          return isFew ? null : await rollups.stats()
        },
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      ),
    )
  }

  async #fromRecords(query: StatsQuery): Promise<Stats> {
    const aggregate = new Aggregate(query)
    const models = await seenModels(this.#query, query.filter)
    const fits = (place: Place) => whereOf(query.filter, models, place)
    for await (const rows of pagesOfRows(this.#query, fits, 'time')) {
      for (const { record, atMs } of rows) aggregate.add(record, atMs)
    }
    return aggregate.result()
  }

  async page({ filter, order, after, limit }: PageQuery): Promise<Page> {
    const direction = order === 'oldest' ? 'ASC' : 'DESC'
    const { values, place } = places()
    const where = whereOf(filter, await seenModels(this.#query, filter), place)
    const sign = order === 'oldest' ? '>' : '<'
    const beyond = after
      ? ` AND ("timestamp", id) ${sign} (${place(after.atMs)}::bigint, ${place(after.id)}::text)`
      : ''
    const rows = await this.#rows<Row>(
      `SELECT ${recordJson} AS line, "timestamp"::float8 AS at, id FROM llmproxy_records WHERE ${where}${beyond}
       ORDER BY "timestamp" ${direction}, id ${direction} LIMIT ${place(limit + 1)}::bigint`,
      values,
    )
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return { lines: shown.map(({ line }) => line), next: last ? { atMs: last.at, id: last.id } : null }
  }

  async count(filter: UsageFilter, most: number): Promise<number | null> {
    return await countOf(this.#query, filter, await seenModels(this.#query, filter), most)
  }

  async find(beginning: string, limit: number): Promise<string[]> {
    // Ids are of base32: nothing of a pattern is in them, and no character sorts behind `~`.
    const rows = await this.#rows<{ line: string }>(
      `SELECT ${recordJson} AS line FROM llmproxy_records WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
      [beginning, `${beginning}~`, limit],
    )
    return rows.map(({ line }) => line)
  }

  async unseen(filter: UsageFilter): Promise<string[]> {
    const seen = await seenValuesOf(this.#query)
    const missing = unseenValues(filter, (field, word) =>
      (seen.get(field) ?? []).some((value) => means(field, word, value)),
    )
    const known = await this.#rows<{ id: string }>(
      `SELECT id FROM unnest($1::text[]) AS asked (id)
       WHERE EXISTS (SELECT 1 FROM llmproxy_records WHERE session_id = asked.id)`,
      [filter.sessionIds],
    )
    const sessions = new Set(known.map(({ id }) => id))
    return [
      ...missing,
      ...filter.sessionIds.filter((id) => !sessions.has(id)).map((id) => `session_id=${id}`),
    ]
  }

  lastTurns(limit: number): Promise<{ sessionId: string; turn: number }[]> {
    return this.#rows(
      // Of the last records only: a start must not read a ledger of millions.
      `SELECT session_id AS "sessionId", max(turn_number)::float8 AS turn
       FROM (SELECT session_id, turn_number, "timestamp" FROM llmproxy_records
             ORDER BY "timestamp" DESC, id DESC LIMIT $1) AS recent
       WHERE session_id IS NOT NULL AND turn_number IS NOT NULL
       GROUP BY session_id ORDER BY max("timestamp") DESC LIMIT $2`,
      [limit * 4, limit],
    )
  }

  async spentSince(fromMs: number): Promise<{ user: string; nanoUsd: number }[]> {
    const rows = await this.#rows<{ user: string; nano_usd: string }>(
      `SELECT proxy_user AS user, sum(cost_usd)::text AS nano_usd FROM llmproxy_records
       WHERE "timestamp" >= $1 AND proxy_user IS NOT NULL AND cost_usd IS NOT NULL GROUP BY proxy_user`,
      [fromMs],
    )
    return rows.map(({ user, nano_usd }) => ({ user, nanoUsd: Number(nano_usd) }))
  }

  async #rows<T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> {
    return (await this.#query<T>(sql, values)).rows
  }
}

async function countOf(
  query: Query,
  filter: UsageFilter,
  models: SeenModels,
  most: number,
): Promise<number | null> {
  const { values, place } = places()
  const where = whereOf(filter, models, place)
  const { rows } = await query<{ n: number }>(
    `SELECT count(*)::float8 AS n
     FROM (SELECT 1 FROM llmproxy_records WHERE ${where} LIMIT ${place(most + 1)}::bigint) AS found`,
    values,
  )
  const n = rows[0]?.n ?? 0
  return n > most ? null : n
}

/** The models among which a filter's words are looked up; none where it has no such words. */
async function seenModels(query: Query, { models, requestedModels }: UsageFilter): Promise<SeenModels> {
  const asksModels = models.length + requestedModels.length > 0
  const seen = asksModels ? await seenValuesOf(query) : new Map<SeenField, string[]>()
  return { model: seen.get('model') ?? [], requested_model: seen.get('requested_model') ?? [] }
}

async function seenValuesOf(query: Query): Promise<Map<SeenField, string[]>> {
  const { rows } = await query<{ field: SeenField; values: string[] }>(
    'SELECT field, array_agg(value) AS values FROM llmproxy_seen GROUP BY field',
  )
  return new Map(rows.map(({ field, values }) => [field, values]))
}
