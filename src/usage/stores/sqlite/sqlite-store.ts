import { workerEntry } from '../../../core/worker-entry.ts'
import { StoreError, type StoreSettings, type UsageStore } from '../store.ts'
import { type ThreadCalls, threadCalls } from '../thread-calls.ts'
import { threadedStore } from '../threaded-store.ts'

/**
 * The ledger in one file of SQLite. One thread writes and one reads: a long question must not keep what closes from
 * being written, and the API is synchronous.
 */
export function openSqliteStore(
  path: string,
  { onNotice, readOnly }: Pick<StoreSettings, 'onNotice' | 'readOnly'>,
): UsageStore {
  const reads = threadCalls(workerEntry(import.meta, 'read-worker'), { path })
  const writes = threadCalls(workerEntry(import.meta, 'write-worker'), { path })

  async function tell(): Promise<void> {
    const notices = await writes.call<string[]>('notices')
    for (const notice of notices) onNotice(notice)
    // The file that the other thread has open was set aside.
    if (notices.length > 0) await reads.call('reopen')
  }

  async function mend(): Promise<void> {
    await writes.call('mend')
    await tell()
  }

  return threadedStore(writes, readOnly ? reads : mendedReads(reads, mend), tell)
}

/** What a reader finds damaged is mended, and read again. */
function mendedReads(reads: ThreadCalls, mend: () => Promise<void>): ThreadCalls {
  return {
    ...reads,
    async call(method, ...values) {
      try {
        return await reads.call(method, ...values)
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'damaged') throw error
        await mend()
        return await reads.call(method, ...values)
      }
    },
  }
}
