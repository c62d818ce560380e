import type { ProxyError } from './errors.ts'
import type { Event } from './event.ts'
import type { Attempt, Exchange, Leg } from './exchange.ts'

/** The head of a request or an answer, names as they stood on the wire where that is known. */
export interface WireHead {
  /** Of requests: with the path and query. */
  request?: { method: string; url: string }
  /** Of answers. */
  status?: number
  headers: readonly (readonly [name: string, value: string])[]
}

/** Why a leg is over: whole, or cut by whom. */
export type WireEnd = 'eof' | 'abort_client' | 'abort_backend' | 'abort_proxy' | 'timeout' | 'error'

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
  /** Before the bytes behind it. `attempt` counts from 1 on PTB and BTP, and is null on CTP and PTC. */
  wireHead?(exchange: Exchange, leg: Leg, attempt: number | null, head: WireHead, atNs: number): void
  /** Bytes as they stood on the wire, still encoded as their head says; lent, after they were read or written on. */
  wireBytes?(exchange: Exchange, leg: Leg, attempt: number | null, bytes: Uint8Array, atNs: number): void
  wireEnd?(
    exchange: Exchange,
    leg: Leg,
    attempt: number | null,
    end: { why: WireEnd; error: ProxyError | null },
    atNs: number,
  ): void
  /** False: it wants nothing of the wire now (`wireHead`, `wireBytes`, `wireEnd`), which is then not even looked at. */
  hearsWire?(): boolean
  /** Exactly once, with an outcome. */
  closed?(exchange: Exchange): void
}
