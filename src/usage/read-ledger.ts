import { createUsageApi, type UsageApi } from './api.ts'
import { openStore } from './stores/index.ts'

/** Opens a ledger to be read by who runs no proxy. */
export function readLedger(
  path: string,
  sessionIdsOf?: (asked: string) => readonly string[],
): UsageApi & { close(): Promise<void> } {
  const store = openStore(path, {
    ...{ readOnly: true, machine: '', mostRecords: Number.POSITIVE_INFINITY, flushIntervalMs: 0 },
    onNotice: () => {},
  })
  const api = createUsageApi({
    store,
    clock: { nowMs: () => Date.now() },
    flush: () => Promise.resolve(),
    ...(sessionIdsOf && { sessionIdsOf }),
  })
  return { ...api, close: () => store.close() }
}
