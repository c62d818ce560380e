import { workerData } from 'node:worker_threads'
import type { OptOutChange } from '../../../core/opt-out-change.ts'
import type { Appended, Batch, Owner } from '../store.ts'
import { serveCalls } from '../thread-calls.ts'
import { addressOf } from './address.ts'
import { Connection, forgetDriverVariables } from './connection.ts'
import { asDatabaseError } from './database-error.ts'
import { Delivery } from './delivery.ts'
import { migrate } from './migrations.ts'
import { exchangeOptOuts, forgetOptOuts } from './opt-outs.ts'
import { PostgresReader } from './reader.ts'
import { removeBefore } from './retention.ts'
import { Rolling } from './rolling.ts'
import { SpoolFolder } from './spool/spool-folder.ts'
import { PostgresWriter } from './writer.ts'

export interface WriteWorkerData {
  url: string
  /** Null: batches go to the database without a copy. */
  spoolFolder: string | null
}

const { url, spoolFolder } = workerData as WriteWorkerData
forgetDriverVariables()
const address = addressOf(url)
const connection = new Connection(address, { statementMs: 15_000, setUp: migrate })
/** What takes long has one of its own: what closes must not wait for it. */
const longConnection = new Connection(address, { statementMs: 15_000, setUp: migrate })
const rolling = new Rolling(longConnection)
const writer = new PostgresWriter(connection)
const reader = new PostgresReader(connection)
const notices: string[] = []
const delivery =
  spoolFolder === null
    ? null
    : new Delivery({
        spools: new SpoolFolder({ folder: spoolFolder, key: address.key }),
        send: ({ owner, batch }, isGone) =>
          added(isGone ? writer.appendOfGone(owner, batch) : writer.append(owner, batch)),
        onNotice: (notice) => notices.push(notice),
      })

async function added(appending: Promise<Appended>): Promise<Appended> {
  const appended = await appending
  rolling.added(appended.stored)
  return appended
}

serveCalls(
  {
    async open() {
      try {
        await connection.ask(() => Promise.resolve())
        rolling.start()
      } finally {
        // Also where the database is away: what is taken over is sent when it comes.
        await delivery?.adopt()
      }
    },
    append: (owner: Owner, batch: Batch) =>
      delivery ? delivery.append(owner, batch) : added(writer.append(owner, batch)),
    async closeOrphans(owner: Owner) {
      // What a dead proxy left in its spool tells how its exchanges ended; before that is known none is a crash.
      if (delivery && !(await delivery.adopt())) return 0
      return await writer.closeOrphans(owner)
    },
    async release(owner: Owner) {
      if (delivery === null || (await delivery.last())) await writer.release(owner)
    },
    async removeBefore(beforeMs: number) {
      await forgetOptOuts(longConnection, beforeMs)
      return await removeBefore(longConnection, beforeMs)
    },
    exchangeOptOuts: (changes: readonly OptOutChange[], after: number) =>
      exchangeOptOuts(connection, changes, after),
    lastTurns: (limit: number) => reader.lastTurns(limit),
    spentSince: (fromMs: number) => reader.spentSince(fromMs),
    notices: () => notices.splice(0),
    async close() {
      const closing = delivery?.close()
      await Promise.all([connection.close(), rolling.close()])
      await closing
    },
  },
  (error) => asDatabaseError(error, address),
)
