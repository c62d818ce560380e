import pg from 'pg'
import { turns } from '../turns.ts'
import type { Address } from './address.ts'
import { asDatabaseError, leavesConnection } from './database-error.ts'

const connectMs = 5_000
/** Beyond the database's own limit: then it is not the statement that hangs but the connection. */
const answerMarginMs = 5_000
/** A proxy that was suspended in a transaction must not hold what others wait for. */
const idleInTransactionMs = 30_000

export interface Answer<Row> {
  rows: Row[]
  /** How many rows a statement changed. */
  count: number
}
/** Values are told apart by their place: `$1`. Arrays are arrays there too. */
export type Query = <Row extends object>(
  sql: string,
  values?: readonly unknown[],
  /** Where a statement may run for longer than others of the connection; the database must be told as well. */
  statementMs?: number,
) => Promise<Answer<Row>>

export interface ConnectionSettings {
  /** The longest that a statement may run. */
  statementMs: number
  /** Before anything else is asked on a new connection. */
  setUp: (query: Query) => Promise<void>
}

/**
 * One connection, made with the first question and anew when it was lost. One question at a time: a transaction is
 * one. Rejects with `StoreError`.
 */
export class Connection {
  readonly #address: Address
  readonly #settings: ConnectionSettings
  readonly #inTurn = turns()
  #client: pg.Client | undefined
  #connectedAtMs = Number.POSITIVE_INFINITY

  constructor(address: Address, settings: ConnectionSettings) {
    this.#address = address
    this.#settings = settings
  }

  get place(): string {
    return this.#address.place
  }

  /** How long the database has been there for us without a break. */
  connectedForMs(): number {
    return Math.max(0, performance.now() - this.#connectedAtMs)
  }

  ask<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      let client: pg.Client | undefined
      try {
        client = await this.#connected()
        return await work(this.#queryOf(client))
      } catch (error) {
        if (client && !leavesConnection(error)) this.#lose(client)
        throw asDatabaseError(error, this.#address)
      }
    })
  }

  /** All of it or nothing. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.ask((query) => inTransaction(query, work))
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => {})
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const { statementMs, setUp } = this.#settings
    const client = new pg.Client({
      connectionString: this.#address.url,
      application_name: 'llmproxy',
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
    })
    // Null would have the driver look for a file of passwords.
    client.password ??= ''
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    try {
      await client.connect()
      const query = this.#queryOf(client)
      // Not as parameters of the connection: a pooler between would refuse them.
      await query(
        `SET statement_timeout = ${statementMs}; SET idle_in_transaction_session_timeout = ${idleInTransactionMs};
         SET client_min_messages = warning; SET extra_float_digits = 1`,
      )
      await setUp(query)
    } catch (error) {
      void client.end().catch(() => {})
      throw error
    }
    this.#client = client
    this.#connectedAtMs = performance.now()
    return client
  }

  #queryOf(client: pg.Client): Query {
    return async <Row extends object>(
      text: string,
      values: readonly unknown[] = [],
      statementMs = this.#settings.statementMs,
    ) => {
      const asked = { text, values: [...values], query_timeout: statementMs + answerMarginMs }
      // Several statements at once only go without values.
      const { rows, rowCount } = await client.query<Row>(
        values.length > 0 ? asked : { ...asked, values: undefined },
      )
      return { rows, count: rowCount ?? 0 }
    }
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#connectedAtMs = Number.POSITIVE_INFINITY
    void client.end().catch(() => {})
  }
}

export async function inTransaction<T>(
  query: Query,
  work: (query: Query) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  await query(begin)
  try {
    const result = await work(query)
    await query('COMMIT')
    return result
  } catch (error) {
    // Where that fails too the connection is gone, and the transaction with it.
    if (leavesConnection(error)) await query('ROLLBACK')
    throw error
  }
}

/**
 * For a thread, whose environment is a copy. The configuration alone says where the ledger is, and the driver would look
 * there for what a URL lacks.
 */
export function forgetDriverVariables(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name]
}
