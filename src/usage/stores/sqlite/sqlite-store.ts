import { workerEntry } from '../../../core/worker-entry.ts'
import type { StoreSettings, UsageStore } from '../store.ts'
import { threadCalls } from '../thread-calls.ts'
import { threadedStore } from '../threaded-store.ts'

/**
 * The ledger in one file of SQLite. One thread writes and one reads: a long question must not keep what closes from
 * being written, and the API is synchronous.
 */
export function openSqliteStore(path: string, { onNotice }: Pick<StoreSettings, 'onNotice'>): UsageStore {
  const reads = threadCalls(workerEntry(import.meta, 'read-worker'), { path })
  const writes = threadCalls(workerEntry(import.meta, 'write-worker'), { path })
  return threadedStore(writes, reads, async () => {
    const notices = await writes.call<string[]>('notices')
    for (const notice of notices) onNotice(notice)
    // The file that the other thread has open was set aside.
    if (notices.length > 0) await reads.call('reopen')
  })
}
