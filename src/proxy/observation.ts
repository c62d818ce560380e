import type { Clock } from '../core/clock.ts'
import type { ProxyError } from '../core/errors.ts'
import { type Event, isContent } from '../core/event.ts'
import type { Attempt, Exchange, Leg } from '../core/exchange.ts'
import type { WireEnd, WireHead } from '../core/monitor.ts'
import type { Monitors } from './monitors.ts'

/** An answer's tool calls can have no end: more names, and longer ones, are not kept. */
const maxToolNames = 1000
const maxToolNameLength = 256

/** Writes what happens into the exchange and its attempt, and tells the monitors. One per exchange. */
export class Observation {
  readonly exchange: Exchange
  private readonly monitors: Monitors
  private readonly clock: Clock
  private lastByteNs: number | null = null

  constructor(exchange: Exchange, monitors: Monitors, clock: Clock) {
    this.exchange = exchange
    this.monitors = monitors
    this.clock = clock
  }

  /** Nanoseconds since the exchange was opened. */
  nowNs(): number {
    return this.clock.monotonicNs() - this.exchange.openedNs
  }

  opened(): void {
    this.monitors.tell('opened', this.exchange)
  }

  attempted(attempt: Attempt): void {
    this.exchange.attempts.push(attempt)
    this.lastByteNs = null
    this.monitors.tell('attempted', this.exchange, attempt)
  }

  answered(attempt: Attempt, status: number): void {
    attempt.status = status
    attempt.firstByteNs ??= this.nowNs()
    this.monitors.tell('answered', this.exchange, attempt)
  }

  /** Bytes that came from the backend; call after they were written on. */
  received(bytes: Uint8Array, atNs: number): void {
    if (this.lastByteNs !== null) {
      this.exchange.longestGapNs = Math.max(this.exchange.longestGapNs, atNs - this.lastByteNs)
    }
    this.lastByteNs = atNs
    const attempt = this.exchange.attempts.at(-1)
    if (attempt) attempt.lastByteNs = atNs
    this.passed('BTP', bytes, atNs)
  }

  passed(leg: Leg, bytes: Uint8Array, atNs: number): void {
    if (bytes.length === 0) return
    if (leg === 'PTC') this.exchange.writtenNs = atNs
    this.monitors.tell('passed', this.exchange, leg, bytes, atNs)
  }

  /** The client does not take what is written, or has taken all again. */
  clientTurned(isBehind: boolean): void {
    if (this.exchange.clientIsBehind !== isBehind) this.exchange.clientTurnedNs = this.nowNs()
    this.exchange.clientIsBehind = isBehind
  }

  /** Whether anybody wants what stands on the wire; asked before it is put together. */
  get hearsWire(): boolean {
    return this.monitors.hearsWire()
  }

  wireHead(leg: Leg, attempt: number | null, head: WireHead): void {
    this.monitors.tell('wireHead', this.exchange, leg, attempt, head, this.nowNs())
  }

  wireBytes(leg: Leg, attempt: number | null, bytes: Uint8Array): void {
    if (bytes.length > 0) this.monitors.tell('wireBytes', this.exchange, leg, attempt, bytes, this.nowNs())
  }

  wireEnd(leg: Leg, attempt: number | null, why: WireEnd, error: ProxyError | null = null): void {
    this.monitors.tell('wireEnd', this.exchange, leg, attempt, { why, error }, this.nowNs())
  }

  events(attempt: Attempt, events: readonly Event[], atNs: number): void {
    for (const event of events) {
      this.note(attempt, event, atNs)
      this.monitors.tell('event', this.exchange, event)
    }
  }

  closed(): void {
    this.exchange.closedNs = this.nowNs()
    this.monitors.tell('closed', this.exchange)
  }

  private note(attempt: Attempt, event: Event, atNs: number): void {
    if (isContent(event)) {
      attempt.firstContentNs ??= atNs
      this.exchange.firstContentNs ??= atNs
    }
    if (event.type === 'start' && event.model !== undefined) attempt.responseModel ??= event.model
    else if (event.type === 'usage') attempt.usage = event.usage
    else if (event.type === 'end') attempt.stop = event.reason
    else if (event.type === 'tool_call' && event.name && attempt.toolNames.length < maxToolNames) {
      attempt.toolNames.push(event.name.slice(0, maxToolNameLength))
    }
  }
}
