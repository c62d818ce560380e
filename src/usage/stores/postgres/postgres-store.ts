import { workerEntry } from '../../../core/worker-entry.ts'
import type { StoreSettings, UsageStore } from '../store.ts'
import { threadCalls } from '../thread-calls.ts'
import { threadedStore } from '../threaded-store.ts'
import { addressOf } from './address.ts'
import type { WriteWorkerData } from './write-worker.ts'

/**
 * The ledger in a PostgreSQL database, which several proxies may share. One thread writes, with a second
 * connection for what takes long, and one reads: a long question must not keep what closes from being written. Throws `StoreError` for a URL that cannot be read.
 */
export function openPostgresStore(
  url: string,
  { onNotice, spoolFolder }: Pick<StoreSettings, 'onNotice' | 'spoolFolder'>,
): UsageStore {
  addressOf(url)
  const data: WriteWorkerData = { url, spoolFolder: spoolFolder ?? null }
  const reads = threadCalls(workerEntry(import.meta, 'read-worker'), { url })
  const writes = threadCalls(workerEntry(import.meta, 'write-worker'), data)
  return threadedStore(writes, reads, async () => {
    for (const notice of await writes.call<string[]>('notices')) onNotice(notice)
  })
}
