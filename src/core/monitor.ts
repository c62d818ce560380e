import type { Event } from './event.ts'
import type { Attempt, Exchange, Leg } from './exchange.ts'

/**
 * Observes exchanges. Called synchronously and in order; must not throw, must not wait. Bytes are lent:
 * copy to keep, never write. A monitor that throws or dawdles three times is switched off.
 */
export interface Monitor {
  name: string
  opened?(exchange: Exchange): void
  attempted?(exchange: Exchange, attempt: Attempt): void
  /** Status and headers of the backend are known. */
  answered?(exchange: Exchange, attempt: Attempt): void
  /** After the bytes were written on; `atNs` is since the exchange was opened. */
  passed?(exchange: Exchange, leg: Leg, bytes: Uint8Array, atNs: number): void
  event?(exchange: Exchange, event: Event): void
  /** Exactly once, with an outcome. */
  closed?(exchange: Exchange): void
}
