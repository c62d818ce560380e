import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import type { Log } from '../../logs/log.ts'
import { hashConversationId } from '../../proxy/sessions/conversation-id.ts'
import { counterVersion, encodingOf } from '../../tokens/model-encodings.ts'
import type { TokenCounter } from '../../tokens/token-counter.ts'
import { createUsageApi, type UsageApi } from '../../usage/api.ts'
import { createLedger, type Ledger } from '../../usage/ledger/ledger.ts'
import { watchOrphans } from '../../usage/ledger/orphans.ts'
import { thisOwner } from '../../usage/ledger/owner.ts'
import { keepRetention } from '../../usage/ledger/retention.ts'
import { type UsageMonitor, usageMonitor } from '../../usage/monitor/usage-monitor.ts'
import { openStore, storeKindOf } from '../../usage/stores/index.ts'

export interface LedgerSources {
  settings: () => Config['usage_tracking']
  clock: Clock
  log: Log
  tokenCounter: Pick<TokenCounter, 'count' | 'countRequest'>
  priceOf: PriceOf
}

/** The usage ledger of a running proxy. */
export interface RunningLedger {
  monitor: UsageMonitor
  path: string
  api: UsageApi
  state: () => ReturnType<Ledger['state']> & { store: string | null; path: string }
  /** Turns that a session had before this process. */
  turnsBefore: (sessionId: string) => number
  close(): Promise<void>
}

const turnsRemembered = 50_000

/** Opens the store and closes what a proxy that died left open. Throws `StoreError` for a path of no store. */
export async function startLedger(sources: LedgerSources): Promise<RunningLedger> {
  const { settings, clock, log, priceOf, tokenCounter } = sources
  const path = settings().persistence_path
  const owner = thisOwner()
  const store = openStore(path, {
    ...{ readOnly: false, machine: owner.machine },
    mostRecords: settings().max_records_in_memory,
    flushIntervalMs: settings().flush_interval_seconds * 1000,
    onNotice: (notice) => log.warn({}, notice),
  })
  const orphans = watchOrphans(store, owner, clock, (closed) =>
    log.warn({ closed }, 'exchanges that were open when their proxy died are recorded as crashed'),
  )
  const turns = new Map<string, number>()
  try {
    await store.prepare()
    await orphans.now()
    for (const { sessionId, turn } of await store.lastTurns(turnsRemembered)) turns.set(sessionId, turn)
  } catch (error) {
    // Monitoring never keeps the proxy from serving: records wait, and the store is tried again.
    log.error({ err: error }, 'the usage ledger cannot be opened; records wait in memory')
  }
  const ledger = createLedger({
    ...{ store, owner, clock },
    maxPending: () => settings().max_records_in_memory,
    onTrouble: (error, state) =>
      log.error({ err: error, ...state }, 'usage records cannot be written and wait'),
    onRecovered: (state) => log.warn({ ...state }, 'usage records are written again'),
  })
  const retention = keepRetention(store, clock, () => settings().retention_days)
  const monitor = usageMonitor({
    ...{ ledger, priceOf, clock },
    counts: {
      texts: (texts) => tokenCounter.count(texts),
      request: (request) => tokenCounter.countRequest(request),
      encodingOf,
      version: counterVersion,
    },
  })
  const flush = async () => {
    await monitor.idle()
    await ledger.flush()
  }
  return {
    monitor,
    path,
    api: createUsageApi({
      ...{ store, clock, flush },
      // A client's own id is kept as its hash.
      sessionIdsOf: (asked) => [asked, hashConversationId(asked)],
    }),
    state: () => ({ ...ledger.state(), store: storeKindOf(path), path }),
    turnsBefore: (sessionId) => turns.get(sessionId) ?? 0,
    async close() {
      orphans.stop()
      retention.stop()
      await monitor.idle()
      try {
        await ledger.close()
      } catch (error) {
        const { pending_records: pending } = ledger.state()
        log.error({ err: error }, `${pending} usage records could not be written and are lost`)
      }
      await store.close()
    },
  }
}
