/** Numbers that both threads see without telling each other. */
export interface Gauge {
  readonly memory: SharedArrayBuffer
  /** Bytes and entries that were posted and not yet dealt with. */
  waitingBytes(): number
  waitingEntries(): number
  posted(bytes: number, entries: number): void
  dealtWith(bytes: number, entries: number): void
  /** Of the open file, or of what is kept in memory. */
  bytes: number
  /** Records that the writing thread could not write. */
  lost: number
  /** The thread has written everything; wakes who waits for it. */
  setClosed(): void
  /** Stops this thread until the other one has closed, at most so long; false: it has not. */
  waitForClosed(atMostMs: number): boolean
}

const bytesAt = 0
const entriesAt = 1
const closedAt = 2
const memoryBytes = 32

export function createGauge(memory = new SharedArrayBuffer(memoryBytes)): Gauge {
  const counts = new Int32Array(memory, 0, 4)
  const totals = new BigInt64Array(memory, 16, 2)
  return {
    memory,
    waitingBytes: () => Atomics.load(counts, bytesAt),
    waitingEntries: () => Atomics.load(counts, entriesAt),
    posted(bytes, entries) {
      Atomics.add(counts, bytesAt, bytes)
      Atomics.add(counts, entriesAt, entries)
    },
    dealtWith(bytes, entries) {
      Atomics.sub(counts, bytesAt, bytes)
      Atomics.sub(counts, entriesAt, entries)
    },
    get bytes() {
      return Number(Atomics.load(totals, 0))
    },
    set bytes(bytes) {
      Atomics.store(totals, 0, BigInt(bytes))
    },
    get lost() {
      return Number(Atomics.load(totals, 1))
    },
    set lost(records) {
      Atomics.store(totals, 1, BigInt(records))
    },
    setClosed() {
      Atomics.store(counts, closedAt, 1)
      Atomics.notify(counts, closedAt)
    },
    waitForClosed: (atMostMs) => Atomics.wait(counts, closedAt, 0, atMostMs) !== 'timed-out',
  }
}
