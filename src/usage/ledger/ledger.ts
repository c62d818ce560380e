import type { Clock, Timer } from '../../core/clock.ts'
import type { UsageRecord } from '../record/record.ts'
import { type Appended, type Owner, StoreError, type UsageStore } from '../stores/store.ts'
import { OpenExchanges } from './open-exchanges.ts'
import { WaitingRecords } from './waiting-records.ts'

export interface LedgerState {
  writable: boolean
  /** ISO 8601; null: nothing was written yet. */
  last_write: string | null
  pending_records: number
  dropped_records: number
  last_error: string | null
}

export interface LedgerParts {
  store: UsageStore
  owner: Owner
  clock: Clock
  /** Records that may wait for a store that does not take them; beyond it the oldest are dropped, and counted. */
  maxPending: () => number
  onTrouble: (error: Error, state: LedgerState) => void
  onRecovered: (state: LedgerState) => void
}

/** Takes records at once and writes them in groups. What cannot be written waits, and is tried again. */
export interface Ledger {
  /** `crashed` makes the record that tells of this exchange if this process dies. */
  opened(id: string, crashed: () => UsageRecord): void
  add(record: UsageRecord): void
  state(): LedgerState
  /** Writes what waits; rejects when the store does not take it. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** With counting (50 ms at most) and the commit itself a record is in the store well within 100 ms of its exchange's close. */
const commitAfterMs = 10
const openAfterMs = 100
const retryAfterMs = 1_000
const heartbeatMs = 10_000
/** Passing 2,000 to the store's thread blocks this one for 20 ms. */
const recordsPerCommit = 200
/** So many may close before the first of them is written, whatever the bound for a store that fails. */
const burst = 10_000

export function createLedger(parts: LedgerParts): Ledger {
  const { store, owner, clock } = parts
  const open = new OpenExchanges(() => clock.monotonicNs() / 1e6)
  const waiting = new WaitingRecords()
  let timer: Timer | undefined
  let timerAtMs = Number.POSITIVE_INFINITY
  let writing: Promise<void> | undefined
  let closed = false
  let dropped = 0
  let lastWriteMs: number | null = null
  let trouble: Error | null = null
  /** The store did not take the last batch; else what troubles it is only what became of it there. */
  let refused = false
  let unsent = 0

  const state = (): LedgerState => ({
    writable: trouble === null,
    last_write: lastWriteMs === null ? null : new Date(lastWriteMs).toISOString(),
    pending_records: waiting.size + unsent,
    dropped_records: dropped,
    last_error: trouble?.message ?? null,
  })

  function schedule(afterMs: number): void {
    if (closed || writing !== undefined) return
    const atMs = clock.monotonicNs() / 1e6 + afterMs
    if (timer && timerAtMs <= atMs) return
    timer?.cancel()
    timerAtMs = atMs
    timer = clock.after(afterMs, () => {
      timer = undefined
      timerAtMs = Number.POSITIVE_INFINITY
      void commit().catch(() => {})
    })
  }

  /** Never two at once: a batch that failed goes before what came later. */
  function commit(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined
      if (refused) return schedule(retryAfterMs)
      if (waiting.size > 0) return schedule(0)
      // Only an answer tells that what is safe here is in the store too.
      if (trouble !== null) schedule(retryAfterMs)
      if (open.size > 0) schedule(open.dueInMs(openAfterMs) ?? heartbeatMs)
    })
    return writing
  }

  async function write(): Promise<void> {
    const records = waiting.batch(recordsPerCommit)
    const batch = { records, ...open.changes(openAfterMs, recordsPerCommit) }
    try {
      const appended = await store.append(owner, batch)
      waiting.written()
      open.written(batch)
      succeeded(appended)
    } catch (error) {
      refused = true
      dropped += waiting.dropBeyond(parts.maxPending(), false)
      failed(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  function succeeded({ conflicts, unsent: waits }: Appended): void {
    const wasInTrouble = trouble !== null
    refused = false
    unsent = waits?.records ?? 0
    if (waits === undefined) {
      lastWriteMs = clock.nowMs()
      trouble = null
    } else failed(new StoreError(waits.code, waits.message))
    if (conflicts.length > 0) {
      dropped += conflicts.length
      const message = `${conflicts.length} records have the id of another exchange and are not stored: ${conflicts[0]}`
      parts.onTrouble(new StoreError('failed', message), state())
    }
    if (wasInTrouble && trouble === null) parts.onRecovered(state())
  }

  function failed(error: Error): void {
    const isNew = trouble === null
    trouble = error
    if (isNew) parts.onTrouble(error, state())
  }

  return {
    opened(id, crashed) {
      open.add(id, crashed)
      schedule(openAfterMs)
    },
    add(record) {
      open.end(record.id)
      waiting.add(record)
      const most = refused ? parts.maxPending() : Math.max(burst, parts.maxPending())
      dropped += waiting.dropBeyond(most, writing !== undefined)
      schedule(refused ? retryAfterMs : commitAfterMs)
    },
    state,
    async flush() {
      await writing?.catch(() => {})
      while (waiting.size > 0) await commit()
    },
    async close() {
      closed = true
      timer?.cancel()
      await writing?.catch(() => {})
      while (waiting.size > 0) await commit()
      // A store that cannot be told finds out by itself: the process is gone.
      await store.release(owner).catch(() => {})
    },
  }
}
