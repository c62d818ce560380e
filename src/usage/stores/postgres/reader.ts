import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import type { UsageRecord } from '../../record/record.ts'
import { Aggregate, type Stats } from '../../statistics/aggregate.ts'
import { means, type SeenField, unseenValues } from '../seen.ts'
import type { Page, PageQuery } from '../store.ts'
import { recordJson } from './columns.ts'
import type { Connection } from './connection.ts'
import { type Place, whereOf } from './where.ts'

/** So many rows are read at once, and no cursor is held between. */
const pageRows = 5_000

interface Row {
  line: string
  at: number
  id: string
}

/** Everything that only reads. Each page is a question of its own, between which others have their turn. */
export class PostgresReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async stats(query: StatsQuery): Promise<Stats> {
    const aggregate = new Aggregate(query)
    const asked = { filter: query.filter, order: 'oldest', limit: pageRows } as const
    let page = await this.page({ ...asked, after: null })
    for (;;) {
      for (const line of page.lines) {
        const record = JSON.parse(line) as UsageRecord
        aggregate.add(record, Date.parse(record.timestamp))
      }
      if (page.next === null) return aggregate.result()
      page = await this.page({ ...asked, after: page.next })
    }
  }

  async page({ filter, order, after, limit }: PageQuery): Promise<Page> {
    const direction = order === 'oldest' ? 'ASC' : 'DESC'
    const { values, place } = places()
    const where = await this.#where(filter, place)
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
    const { values, place } = places()
    const where = await this.#where(filter, place)
    const [row] = await this.#rows<{ n: number }>(
      `SELECT count(*)::float8 AS n
       FROM (SELECT 1 FROM llmproxy_records WHERE ${where} LIMIT ${place(most + 1)}::bigint) AS found`,
      values,
    )
    return row === undefined || row.n > most ? null : row.n
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
    const seen = await this.#seen()
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

  async #where(filter: UsageFilter, place: Place): Promise<string> {
    const asksModels = filter.models.length + filter.requestedModels.length > 0
    const seen = asksModels ? await this.#seen() : new Map<SeenField, string[]>()
    const models = (field: SeenField) => seen.get(field) ?? []
    return whereOf(filter, { model: models('model'), requested_model: models('requested_model') }, place)
  }

  async #seen(): Promise<Map<SeenField, string[]>> {
    const rows = await this.#rows<{ field: SeenField; values: string[] }>(
      'SELECT field, array_agg(value) AS values FROM llmproxy_seen GROUP BY field',
      [],
    )
    return new Map(rows.map(({ field, values }) => [field, values]))
  }

  #rows<T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> {
    return this.#connection.ask(async (query) => (await query<T>(sql, values)).rows)
  }
}

function places(): { values: unknown[]; place: Place } {
  const values: unknown[] = []
  return { values, place: (value) => `$${values.push(value)}` }
}
