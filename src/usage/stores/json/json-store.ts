import { workerEntry } from '../../../core/worker-entry.ts'
import type { StoreSettings, UsageStore } from '../store.ts'
import { threadCalls } from '../thread-calls.ts'
import { threadedStore } from '../threaded-store.ts'
import type { JsonWorkerData } from './json-worker.ts'

/** The ledger as the documented JSON file. One thread has it: what is written to it never waits for the event loop. */
export function openJsonStore(file: string, settings: StoreSettings): UsageStore {
  const { mostRecords, flushIntervalMs, readOnly, machine, onNotice } = settings
  const data: JsonWorkerData = { file, mostRecords, flushIntervalMs, readOnly, machine }
  const thread = threadCalls(workerEntry(import.meta, 'json-worker'), data)
  return threadedStore(thread, thread, async () => {
    for (const notice of await thread.call<string[]>('notices')) onNotice(notice)
  })
}
