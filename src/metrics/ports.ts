import type { PriceOf } from '../core/cost.ts'
import type { LiveBackend } from '../core/live-snapshot.ts'
import type { ProtocolName } from '../core/protocol-name.ts'

/** What an exchange used and cost, when that is settled; null where it is not known. */
export interface SettledExchange {
  frontend: ProtocolName
  /** The HTTP status that the client got. */
  status: number | null
  user: string | null
  /** Of the last attempt. */
  backend: string | null
  model: string | null
  promptTokens: number | null
  completionTokens: number | null
  /** Of the prompt, what came from a cache. */
  cachedTokens: number | null
  /** Each attempt's, where it is known. */
  costs: readonly { backend: string; model: string | null; nanoUsd: number }[]
  /** What a plan's tokens would have cost. */
  listNanoUsd: number | null
  /** It has tokens that are billed, and no price. */
  isUnpriced: boolean
  /** What the proxy itself added. */
  overheadNs: number | null
}

/** How things stand at the moment of a scrape. */
export interface Standing {
  backends: readonly {
    name: string
    state: LiveBackend['state']
    isUsable: boolean
    inFlight: number
    queued: number
    consecutiveFailures: number
    quota: readonly { name: string; remaining: number | null; usedRatio: number | null }[]
  }[]
  endpoints: readonly { url: string; isHealthy: boolean }[]
  fallbackUsedTotal: number
  /** Null: usage tracking is off. */
  ledger: { isWritable: boolean; pendingRecords: number; droppedRecords: number } | null
  capture: { droppedRecords: number }
  /** Texts and requests whose tokens were to be counted: how many were, how many were reckoned by bytes, and how long it took. */
  counting: { taken: number; refused: number; busyMs: number }
  monitorsOff: number
}

/** What the monitor needs of others. */
export interface MetricsPorts {
  version: string
  /** Asked at each scrape. */
  standing: () => Standing
  /**
   * Prices what providers report. Null where there is a ledger: what exchanges used and cost is then told to `settled`, as the
   * ledger has it.
   */
  priceOf: PriceOf | null
}
