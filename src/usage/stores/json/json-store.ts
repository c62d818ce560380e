import { workerEntry } from '../../../core/worker-entry.ts'
import type { StoreSettings, UsageStore } from '../store.ts'
import { threadCalls } from '../thread-calls.ts'
import type { JsonWorkerData } from './json-worker.ts'

/** The ledger as the documented JSON file. One thread has it: what is written to it never waits for the event loop. */
export function openJsonStore(file: string, settings: StoreSettings): UsageStore {
  const { mostRecords, flushIntervalMs, readOnly, machine, onNotice } = settings
  const data: JsonWorkerData = { file, mostRecords, flushIntervalMs, readOnly, machine }
  const thread = threadCalls(workerEntry(import.meta, 'json-worker'), data)
  return {
    async prepare() {
      await thread.call('open')
      for (const notice of await thread.call<string[]>('notices')) onNotice(notice)
    },
    append: (owner, batch) => thread.call('append', owner, batch),
    closeOrphans: (owner) => thread.call('closeOrphans', owner),
    release: (owner) => thread.call('release', owner),
    removeBefore: (beforeMs) => thread.call('removeBefore', beforeMs),
    stats: (query) => thread.call('stats', query),
    page: (query) => thread.call('page', query),
    count: (filter, most) => thread.call('count', filter, most),
    find: (beginning, limit) => thread.call('find', beginning, limit),
    unseen: (filter) => thread.call('unseen', filter),
    lastTurns: (limit) => thread.call('lastTurns', limit),
    spentSince: (fromMs) => thread.call('spentSince', fromMs),
    archived: () => thread.call('archived'),
    close: () => thread.close(),
  }
}
