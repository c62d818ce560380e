import { availableParallelism } from 'node:os'
import { workerEntry } from '../../../core/worker-entry.ts'
import { type Appended, StoreError, type StoreSettings, type UsageStore } from '../store.ts'
import { type ThreadCalls, threadCalls } from '../thread-calls.ts'
import { threadedStore } from '../threaded-store.ts'
import { packedBatch } from './packed-batch.ts'
import { parallelPieces } from './parallel-pieces.ts'

/**
 * The ledger in one file of SQLite. One thread writes and one reads: a long question must not keep what closes from
 * being written, and the API is synchronous. For a long export there is a second one that reads.
 */
export function openSqliteStore(
  path: string,
  { onNotice, readOnly }: Pick<StoreSettings, 'onNotice' | 'readOnly'>,
): UsageStore {
  const reader = () => threadCalls(workerEntry(import.meta, 'read-worker'), { path })
  const reads = reader()
  const writes = threadCalls(workerEntry(import.meta, 'write-worker'), { path })
  let second: ThreadCalls | null = null

  async function tell(): Promise<void> {
    const notices = await writes.call<string[]>('notices')
    for (const notice of notices) onNotice(notice)
    // The file that the others have open was set aside.
    if (notices.length > 0) await Promise.all([reads, second].map((thread) => thread?.call('reopen')))
  }

  async function mend(): Promise<void> {
    await writes.call('mend')
    await tell()
  }

  const mended = (thread: ThreadCalls) => (readOnly ? thread : mendedReads(thread, mend))

  /** Null: another export has it, or whom this proxy serves would have to wait for a processor. */
  function openSecond(): ThreadCalls | null {
    if (second || (!readOnly && availableParallelism() < 3)) return null
    const opened = reader()
    second = opened
    return {
      ...mended(opened),
      close() {
        second = null
        return opened.close()
      },
    }
  }

  const store = threadedStore(writes, mended(reads), tell, (query) =>
    parallelPieces(query, mended(reads), openSecond),
  )
  return {
    ...store,
    async append(owner, batch) {
      const appended = await writes.call<Appended>('append', owner, packedBatch(batch))
      await tell()
      return appended
    },
  }
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
