import { workerEntry } from '../../../core/worker-entry.ts'
import type { StoreSettings, UsageStore } from '../store.ts'
import { threadCalls } from '../thread-calls.ts'

/**
 * The ledger in one file of SQLite. One thread writes and one reads: a long question must not keep what closes from
 * being written, and the API is synchronous.
 */
export function openSqliteStore(path: string, { onNotice }: Pick<StoreSettings, 'onNotice'>): UsageStore {
  const reads = threadCalls(workerEntry(import.meta, 'read-worker'), { path })
  const writes = threadCalls(workerEntry(import.meta, 'write-worker'), { path })

  async function write<T>(method: string, ...values: readonly unknown[]): Promise<T> {
    const result = await writes.call<T>(method, ...values)
    await tellNotices()
    return result
  }

  async function tellNotices(): Promise<void> {
    const notices = await writes.call<string[]>('notices')
    for (const notice of notices) onNotice(notice)
    if (notices.length > 0) await reads.call('reopen')
  }

  return {
    prepare: () => write('open'),
    append: (owner, batch) => write('append', owner, batch),
    closeOrphans: (owner, nowMs) => write('closeOrphans', owner, nowMs),
    release: (owner) => write('release', owner),
    removeBefore: (beforeMs) => write('removeBefore', beforeMs),
    stats: (query) => reads.call('stats', query),
    page: (query) => reads.call('page', query),
    count: (filter, most) => reads.call('count', filter, most),
    find: (beginning, limit) => reads.call('find', beginning, limit),
    unseen: (filter) => reads.call('unseen', filter),
    // At the start: who only writes needs no second thread.
    lastTurns: (limit) => writes.call('lastTurns', limit),
    spentSince: (fromMs) => writes.call('spentSince', fromMs),
    archived: async () => 0,
    async close() {
      await Promise.all([reads.close(), writes.close()])
    },
  }
}
