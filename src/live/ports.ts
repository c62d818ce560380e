import type { Clock } from '../core/clock.ts'
import type { PriceOf } from '../core/cost.ts'
import type { LiveBackend, LiveIssue } from '../core/live-snapshot.ts'

/** A backend as it stands now; what the last five minutes were like is counted here. */
export type BackendStanding = Pick<
  LiveBackend,
  | 'name'
  | 'backend_type'
  | 'state'
  | 'reason'
  | 'retry_at'
  | 'circuit_history'
  | 'in_flight'
  | 'queued'
  | 'quota'
>

/** An issue as it is found in passing traffic; found again where it has become worse. */
export interface FoundIssue extends Pick<LiveIssue, 'code' | 'severity' | 'fault' | 'description'> {
  exchange: string | null
  session: string | null
  /** Nanoseconds since 1970. */
  atNs: number | null
}

/** What our own count says of an exchange whose provider did not report; null where it does not know. */
export interface CountedExchange {
  id: string
  promptTokens: number | null
  completionTokens: number | null
  nanoUsd: number | null
}

/** What happens to exchanges, for who listens. */
interface LiveEvents {
  /** Whether anybody listens now; asked before an event is put together. */
  readonly isHeard: boolean
  tell(event: string, data: unknown): void
}

/** What the monitor needs of others. */
export interface LivePorts {
  clock: Clock
  version: string
  priceOf: PriceOf
  /** For what providers said. */
  redactText: (text: string) => string
  events: LiveEvents
  /** Those that are configured, and those of these names. */
  backends: (names: ReadonlySet<string>) => BackendStanding[]
  isDraining: () => boolean
  /** What the ledger has of this day, in dollars; null: there is no ledger. */
  usdToday: (() => Promise<number>) | null
}
