import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { addressOf } from '../../src/usage/stores/postgres/address.ts'
import { Connection } from '../../src/usage/stores/postgres/connection.ts'
import { migrate } from '../../src/usage/stores/postgres/migrations.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export interface TestLedger {
  readonly url: string
  /** A connection of its own, which closes with the test. */
  connected(): Connection
}

/** One server for the tests of a file, and an empty database for each of them. */
export function ledgerForEachTest(): TestLedger {
  let postgres: TestPostgres
  let url = ''
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.close())
  beforeEach(async () => {
    url = await postgres.database()
  })
  return {
    get url() {
      return url
    },
    connected() {
      const connection = new Connection(addressOf(url), { statementMs: 20_000, setUp: migrate })
      onTestFinished(() => connection.close())
      return connection
    },
  }
}
