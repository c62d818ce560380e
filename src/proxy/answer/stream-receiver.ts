import type { Clock, Timer } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import { type Event, endsHoldBack } from '../../core/event.ts'
import type { Attempt } from '../../core/exchange.ts'
import type { Protocol, StreamDecoder, StreamFraming } from '../../core/protocol.ts'
import { incompleteReason } from '../incomplete-reason.ts'
import { failedAttempt } from './failed-attempt.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { AttemptResult, Receiver } from './receiver.ts'
import type { UsageChunkFilter } from './usage-chunk-filter.ts'

export interface StreamReceiverParts extends PassOnParts {
  protocol: Protocol
  framing: StreamFraming
  attempt: Attempt
  clock: Clock
  /** Sends the head to the client; called once, when the hold-back ends. */
  begin: () => void
  usageFilter: UsageChunkFilter | null
  keepaliveMs: number
  onFirstContent: () => void
  settle: (result: AttemptResult) => void
}

const holdBackBytes = 65_536
const holdBackMs = 5_000
const keepalive = Buffer.from(': keep-alive\n\n')
const blankLine = Buffer.from('\n\n')

/**
 * Passes a streamed answer on. Until the first content nothing reaches the client, so that another target can
 * still answer; from then on every byte does, at once, and a decoder reads beside it (`spec/protocols.md`).
 */
export class StreamReceiver implements Receiver {
  private readonly parts: StreamReceiverParts
  private readonly decoder: StreamDecoder
  private held: Buffer[] | null = []
  private heldBytes = 0
  private holdTimer: Timer
  private keepaliveTimer: Timer | undefined
  private lastWriteNs = 0
  private over = false
  private clientLeft = false

  constructor(parts: StreamReceiverParts) {
    this.parts = parts
    this.decoder = parts.protocol.streamDecoder(parts.framing)
    this.holdTimer = parts.clock.after(holdBackMs, () => this.release())
  }

  data(bytes: Buffer): void {
    if (this.over) return
    const { observation, attempt } = this.parts
    const atNs = observation.nowNs()
    if (!this.held) this.write(bytes)
    const events = this.decoder.push(bytes)
    observation.received(bytes, atNs)
    observation.events(attempt, events, atNs)
    if (this.held) this.hold(bytes, events)
    if (this.over) return
    this.noteErrors(events)
    if (attempt.firstContentNs === atNs) this.parts.onFirstContent()
  }

  ended(): void {
    if (this.over) return
    const events = this.decoder.end()
    this.parts.observation.events(this.parts.attempt, events, this.parts.observation.nowNs())
    if (this.held) {
      const refusal = this.refusalIn(events)
      if (refusal) return this.refuse(refusal)
      if (!this.decoder.terminal) return this.refuse(this.truncated())
      this.release()
    }
    this.noteErrors(events)
    if (this.parts.usageFilter) this.write(this.parts.usageFilter.end(), false)
    if (!this.decoder.terminal) return this.cut(this.truncated())
    this.finish()
  }

  failed(error: ProxyError): void {
    if (this.over) return
    if (this.held) return this.refuse(error)
    if (this.parts.usageFilter) this.write(this.parts.usageFilter.end(), false)
    // After the terminal event the answer is complete, however the connection ends.
    if (this.decoder.terminal) return this.finish()
    this.cut(error)
  }

  clientGone(): void {
    this.clientLeft = true
    this.keepaliveTimer?.cancel()
    this.parts.flow.resume()
  }

  private hold(bytes: Buffer, events: readonly Event[]): void {
    this.held?.push(bytes)
    this.heldBytes += bytes.length
    const refusal = this.refusalIn(events)
    if (refusal) return this.refuse(refusal)
    if (this.heldBytes > holdBackBytes || events.some(endsHoldBack)) this.release()
  }

  /** The error among these events, if it comes before anything that ends the hold-back. */
  private refusalIn(events: readonly Event[]): ProxyError | undefined {
    const decisive = events.find((event) => event.type === 'error' || endsHoldBack(event))
    return decisive?.type === 'error' ? this.reported(decisive) : undefined
  }

  /** An error that the provider itself put into the stream passes as it is; the record must say so. */
  private noteErrors(events: readonly Event[]): void {
    for (const event of events) {
      if (event.type !== 'error') continue
      const { exchange } = this.parts.observation
      this.parts.attempt.error ??= this.reported(event)
      exchange.incompleteReason ??= 'backend_error'
      exchange.error ??= this.parts.attempt.error
    }
  }

  private release(): void {
    if (!this.held || this.over) return
    const held = this.held
    this.held = null
    this.holdTimer.cancel()
    if (!this.clientLeft) this.parts.begin()
    if (held.length === 0) this.parts.outlet.flushHead()
    this.write(held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held))
    if (this.parts.framing === 'sse' && !this.clientLeft) this.watchSilence(this.parts.keepaliveMs)
  }

  private write(bytes: Buffer, filtered = true): void {
    const { observation, usageFilter } = this.parts
    const passing = usageFilter && filtered ? usageFilter.push(bytes) : bytes
    if (passing.length === 0 || this.clientLeft) return
    passOn(passing, this.parts)
    this.lastWriteNs = observation.nowNs()
  }

  private watchSilence(delayMs: number): void {
    this.keepaliveTimer = this.parts.clock.after(delayMs, () => {
      if (this.over || this.clientLeft) return
      const silentMs = (this.parts.observation.nowNs() - this.lastWriteNs) / 1e6
      if (silentMs < this.parts.keepaliveMs - 1) return this.watchSilence(this.parts.keepaliveMs - silentMs)
      if (this.mayComment()) this.write(keepalive, false)
      this.watchSilence(this.parts.keepaliveMs)
    })
  }

  /** A comment fits here, and reaches somebody: a client that is behind hears no silence of ours. */
  private mayComment(): boolean {
    const { outlet, usageFilter } = this.parts
    return !outlet.readerBehind && this.decoder.betweenBlocks && (usageFilter?.idle ?? true)
  }

  private refuse(error: ProxyError): void {
    this.stop()
    this.parts.settle(failedAttempt(error))
  }

  private cut(error: ProxyError): void {
    const { outlet, observation, attempt, protocol, framing } = this.parts
    this.stop()
    attempt.error = error
    attempt.reason = error.message
    observation.exchange.incompleteReason ??= incompleteReason(error)
    observation.exchange.error ??= error
    const place = {
      framing,
      exchangeId: observation.exchange.id,
      eventsPassed: this.decoder.eventsSeen,
      lastSequence: this.decoder.lastSequence,
    }
    const event = Buffer.from(protocol.encodeStreamError(error, place))
    const atBoundary = framing === 'json-array' || this.decoder.betweenBlocks
    const last = atBoundary ? event : Buffer.concat([blankLine, event])
    outlet.cut(last)
    observation.passed('PTC', last, observation.nowNs())
    this.parts.settle({ kind: 'answered' })
  }

  private finish(): void {
    this.stop()
    this.parts.outlet.end()
    this.parts.settle({ kind: 'answered' })
  }

  private stop(): void {
    this.over = true
    this.holdTimer.cancel()
    this.keepaliveTimer?.cancel()
  }

  private truncated(): ProxyError {
    const { backend } = this.parts.attempt
    return new ProxyError(
      'backend_truncated',
      `backend ${backend} ended its stream before the answer was complete`,
    )
  }

  private reported(event: Extract<Event, { type: 'error' }>): ProxyError {
    return new ProxyError('backend_error', event.message, {
      status: event.status !== null && event.status >= 400 ? event.status : 502,
      providerType: event.errorType,
      providerCode: event.code,
      ...(event.retryAfterMs === null ? {} : { retryAfterMs: event.retryAfterMs }),
    })
  }
}
