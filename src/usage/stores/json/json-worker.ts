import { threadId, workerData } from 'node:worker_threads'
import type { ExportFormat } from '../../export/piece.ts'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { pagePiece } from '../pieces-of-pages.ts'
import type { Batch, Owner, PageQuery } from '../store.ts'
import { asStoreError } from '../store-errors.ts'
import { serveCalls } from '../thread-calls.ts'
import { lockFile } from './file-lock.ts'
import { JsonEngine } from './json-engine.ts'

export interface JsonWorkerData {
  file: string
  mostRecords: number
  flushIntervalMs: number
  readOnly: boolean
  machine: string
}

const { file, mostRecords, flushIntervalMs, readOnly, machine } = workerData as JsonWorkerData
const notices: string[] = []
const engine = new JsonEngine({ file, mostRecords, readOnly, onNotice: (notice) => notices.push(notice) })
let lock: { release(): void } | undefined
let flushing: Promise<void> | undefined

/** Everything waits for the file to be read, and is tried again where it could not be. */
let loading: Promise<void> | undefined
let isLoaded = false
function ready(): Promise<void> {
  loading ??= (async () => {
    if (!readOnly) lock ??= lockFile(file, machine)
    await engine.load()
    isLoaded = true
  })().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

function flush(): Promise<void> {
  flushing ??= engine.flush(Date.now()).finally(() => {
    flushing = undefined
  })
  return flushing
}

/** Nothing is written in the place of a file that was not read yet. */
if (!readOnly && threadId > 0) {
  setInterval(() => {
    if (isLoaded) void flush().catch(() => {})
  }, flushIntervalMs).unref()
}

async function when<T>(work: () => T | Promise<T>): Promise<T> {
  await ready()
  return work()
}

serveCalls(
  {
    open: () => ready(),
    append: (owner: Owner, batch: Batch) => when(() => engine.append(owner, batch)),
    closeOrphans: (owner: Owner) => when(() => engine.closeOrphans(owner)),
    release: (owner: Owner) => when(() => engine.release(owner)),
    removeBefore: (beforeMs: number) => when(() => engine.removeBefore(beforeMs)),
    stats: (query: StatsQuery) => when(() => engine.stats(query)),
    page: (query: PageQuery) => when(() => engine.page(query)),
    pagePiece: (query: PageQuery, format: ExportFormat) =>
      when(async () => pagePiece(await engine.page(query), format)),
    count: (filter: UsageFilter, most: number) => when(() => engine.count(filter, most)),
    find: (beginning: string, limit: number) => when(() => engine.find(beginning, limit)),
    unseen: (filter: UsageFilter) => when(() => engine.unseen(filter)),
    lastTurns: (limit: number) => when(() => engine.lastTurns(limit)),
    spentSince: (fromMs: number) => when(() => engine.spentSince(fromMs)),
    // The documented file has no place for them.
    exchangeOptOuts: () => null,
    archived: () => engine.archivedRecords,
    notices: () => notices.splice(0),
    close: async () => {
      if (readOnly || !isLoaded) return lock?.release()
      try {
        // The second has what came while one was being written.
        await flush()
        await flush()
      } finally {
        lock?.release()
      }
    },
  },
  (error) => asStoreError(error, file),
)
