import { dirname, join } from 'node:path'
import { ensureDataFolder } from '../../config/data-folder.ts'
import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import { shownUrl } from '../../core/shown-url.ts'
import type { Log } from '../../logs/log.ts'
import { hashConversationId } from '../../proxy/sessions/conversation-id.ts'
import { counterVersion, encodingOf } from '../../tokens/model-encodings.ts'
import type { TokenCounter } from '../../tokens/token-counter.ts'
import { createUsageApi, type UsageApi } from '../../usage/api.ts'
import { createDriftAlarm, type DriftAlarm } from '../../usage/drift/drift-alarm.ts'
import { createLedger, type Ledger } from '../../usage/ledger/ledger.ts'
import { watchOrphans } from '../../usage/ledger/orphans.ts'
import { thisOwner } from '../../usage/ledger/owner.ts'
import { keepRetention } from '../../usage/ledger/retention.ts'
import { type UsageMonitor, usageMonitor } from '../../usage/monitor/usage-monitor.ts'
import { parseStatsQuery } from '../../usage/query/parse-query.ts'
import type { UsageRecord } from '../../usage/record/record.ts'
import { openStore, storeKindOf } from '../../usage/stores/index.ts'
import type { UsageStore } from '../../usage/stores/store.ts'

export interface LedgerSources {
  /** Of the program's data. */
  home: string
  settings: () => Config['usage_tracking']
  clock: Clock
  log: Log
  tokenCounter: Pick<TokenCounter, 'count' | 'countRequest'>
  priceOf: PriceOf
  /** Each record as soon as it is made. */
  onRecord: (record: UsageRecord) => void
  /** These records are in the store. */
  onWritten: (records: readonly UsageRecord[]) => void
}

/** The usage ledger of a running proxy. */
export interface RunningLedger {
  monitor: UsageMonitor
  /** As it may be shown: of a URL without user info. */
  path: string
  api: UsageApi
  /** As `GET /internal/health` shows it. */
  state: () => Promise<
    ReturnType<Ledger['state']> & { store: string | null; path: string; archived_records: number }
  >
  /** Of `state`, what is known without asking the store. */
  counts: Ledger['state']
  /** Models whose reports do not fit our counts, since this start. */
  drifting: DriftAlarm['drifting']
  /** Turns that a session had before this process. */
  turnsBefore: (sessionId: string) => number
  spentSince: UsageStore['spentSince']
  exchangeOptOuts: UsageStore['exchangeOptOuts']
  /** What all exchanges since midnight of this machine's zone cost, in dollars. */
  usdToday: () => Promise<number>
  /** When the store is open, or has failed to; before that `turnsBefore` knows nothing. */
  opened: Promise<void>
  close(): Promise<void>
}

const turnsRemembered = 50_000

/** Begins to open the store and to close what a proxy that died left open. Throws `StoreError` for a path of no store. */
export function startLedger(sources: LedgerSources): RunningLedger {
  const { settings, clock, log, priceOf, tokenCounter } = sources
  const path = settings().persistence_path
  const owner = thisOwner()
  const store = openStore(path, {
    ...{ readOnly: false, machine: owner.machine },
    mostRecords: settings().max_records_in_memory,
    flushIntervalMs: settings().flush_interval_seconds * 1000,
    spoolFolder: join(sources.home, 'usage-spool'),
    onNotice: (notice) => log.warn({}, notice),
  })
  const orphans = watchOrphans(store, owner, clock, (closed) =>
    log.warn({ closed }, 'exchanges that were open when their proxy died are recorded as crashed'),
  )
  let turns: ReadonlyMap<string, number> = new Map()
  const opened = openedWith(path, store, orphans, log).then((found) => {
    turns = found
  })
  const ledger = createLedger({
    ...{ owner, clock },
    store: toldOfWriting(store, sources.onWritten),
    maxPending: () => settings().max_records_in_memory,
    onTrouble: (error, state) =>
      log.error({ err: error, ...state }, 'usage records cannot be written and wait'),
    onRecovered: (state) => log.warn({ ...state }, 'usage records are written again'),
  })
  const retention = keepRetention(store, clock, () => settings().retention_days)
  const drift = createDriftAlarm({
    clock,
    onNamed: (found) => log.warn({ ...found }, 'a model reports other tokens than we count'),
    onBack: (found) => log.warn({ ...found }, 'a model reports tokens as we count them again'),
  })
  const monitor = usageMonitor({
    ...{ drift, priceOf, clock },
    ledger: {
      opened: ledger.opened,
      add(record) {
        ledger.add(record)
        sources.onRecord(record)
      },
    },
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
    path: shownUrl(path),
    api: createUsageApi({
      ...{ store, clock, flush },
      // A client's own id is kept as its hash.
      sessionIdsOf: (asked) => [asked, hashConversationId(asked)],
    }),
    async state() {
      // A store that cannot say so has its error in the state.
      const archived = await store.archived().catch(() => 0)
      const about = { store: storeKindOf(path), path: shownUrl(path), archived_records: archived }
      return { ...about, ...ledger.state() }
    },
    counts: ledger.state,
    drifting: drift.drifting,
    turnsBefore: (sessionId) => turns.get(sessionId) ?? 0,
    spentSince: store.spentSince,
    exchangeOptOuts: store.exchangeOptOuts,
    opened,
    async usdToday() {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
      const query = new URLSearchParams({ start_date: 'today', time_zone: timeZone })
      return (await store.stats(parseStatsQuery({ query, nowMs: clock.nowMs() }))).total_cost
    },
    async close() {
      await opened
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

/** Closes what others left open, and says the last turns of the sessions before. A store that cannot be opened has none. */
async function openedWith(
  path: string,
  store: UsageStore,
  orphans: ReturnType<typeof watchOrphans>,
  log: Log,
): Promise<Map<string, number>> {
  try {
    if (storeKindOf(path) !== 'postgres') await ensureDataFolder(dirname(path))
    await store.prepare()
    await orphans.now()
    const turns = await store.lastTurns(turnsRemembered)
    return new Map(turns.map(({ sessionId, turn }) => [sessionId, turn]))
  } catch (error) {
    // Monitoring never keeps the proxy from serving: records wait, and the store is tried again.
    orphans.later()
    log.error({ err: error }, 'the usage ledger cannot be opened; records wait until it can')
    return new Map()
  }
}

function toldOfWriting(store: UsageStore, onWritten: LedgerSources['onWritten']): UsageStore {
  return {
    ...store,
    async append(owner, batch) {
      const appended = await store.append(owner, batch)
      onWritten(batch.records)
      return appended
    },
  }
}
