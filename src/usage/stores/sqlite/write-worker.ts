import { workerData } from 'node:worker_threads'
import type { OptOutChange } from '../../../core/opt-out-change.ts'
import type { Appended, Owner } from '../store.ts'
import { asStoreError } from '../store-errors.ts'
import { serveCalls } from '../thread-calls.ts'
import { openFile } from './connection.ts'
import { SqliteOptOuts } from './opt-outs.ts'
import type { PackedBatch } from './packed-batch.ts'
import { SqliteReader } from './reader.ts'
import { salvage } from './salvage.ts'
import { lastSteps, type RollupSteps, SqliteWriter } from './writer.ts'

const { path } = workerData as { path: string }
let opened: { writer: SqliteWriter; reader: SqliteReader; optOuts: SqliteOptOuts } | undefined
const notices: string[] = []

function open(): NonNullable<typeof opened> {
  const database = openFile(path, 'write')
  return {
    writer: new SqliteWriter(database, path),
    reader: new SqliteReader(database),
    optOuts: new SqliteOptOuts(database),
  }
}

/** A damaged file is set aside, whenever it shows, and what can be read of it goes on in a new one. */
function use<T>(work: (ledger: NonNullable<typeof opened>) => T): T {
  try {
    opened ??= open()
    return work(opened)
  } catch (error) {
    const { code } = asStoreError(error, path)
    if (code === 'disk_full') opened?.writer.shrinkJournal()
    // Opened anew with the next try: a full disk or a file that was moved may be mended by then.
    if (code !== 'busy') close()
    if (code !== 'damaged') throw error
    notices.push(salvage(path))
    opened = open()
    return work(opened)
  }
}

function close(): void {
  const closing = opened
  opened = undefined
  closing?.writer.close()
}

/** After so long without a record the rest is rolled up too: what reads the file then need not read rows. */
const idleMs = 1_000
let idle: NodeJS.Timeout | undefined
let isRolling = false

/** Between the calls, so that none waits behind more than one piece of it. */
function rollUpSoon(steps?: RollupSteps): void {
  if (isRolling) return
  isRolling = true
  setImmediate(() => {
    isRolling = false
    if (rollUp(steps)) rollUpSoon(steps)
  })
}

function rollUp(steps?: RollupSteps): boolean {
  try {
    return opened?.writer.rollUp(steps) ?? false
  } catch {
    // What keeps it from being written is told by the next record; roll-ups go on with that.
    return false
  }
}

function append(owner: Owner, batch: PackedBatch): Appended {
  const appended = use(({ writer }) => writer.appendPacked(owner, batch))
  rollUpSoon()
  rollUpWhenIdle()
  return appended
}

function rollUpWhenIdle(): void {
  clearTimeout(idle)
  idle = setTimeout(() => (isRolling ? rollUpWhenIdle() : rollUpSoon(lastSteps)), idleMs)
}

/** As many pieces as rows usually wait for: a ledger that was never rolled up does not keep the process. */
const lastPieces = 12

function finish(): void {
  clearTimeout(idle)
  for (let piece = 0; piece < lastPieces && rollUp(lastSteps); piece++);
  close()
}

serveCalls(
  {
    open: () => {
      use(() => undefined)
      rollUpSoon()
    },
    append,
    closeOrphans: (owner: Owner, nowMs: number) => use(({ writer }) => writer.closeOrphans(owner, nowMs)),
    release: (owner: Owner) => use(({ writer }) => writer.release(owner)),
    /** A reader met damage: unless it was of the moment, the file is set aside. */
    mend: () => use(({ writer }) => writer.check()),
    removeBefore: (beforeMs: number) =>
      use(({ writer, optOuts }) => {
        optOuts.forget(beforeMs)
        return writer.removeBefore(beforeMs)
      }),
    exchangeOptOuts: (changes: readonly OptOutChange[], after: number) =>
      use(({ optOuts }) => optOuts.exchange(changes, after)),
    lastTurns: (limit: number) => use(({ reader }) => reader.lastTurns(limit)),
    spentSince: (fromMs: number) => use(({ reader }) => reader.spentSince(fromMs)),
    notices: () => notices.splice(0),
    close: finish,
  },
  (error) => asStoreError(error, path),
)
