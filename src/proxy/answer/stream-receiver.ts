import type { Clock, Timer } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import { type Event, endsHoldBack } from '../../core/event.ts'
import type { Attempt } from '../../core/exchange.ts'
import type { StreamDecoder } from '../../core/protocol.ts'
import { incompleteReason } from '../incomplete-reason.ts'
import { failedAttempt } from './failed-attempt.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { AttemptResult, Receiver } from './receiver.ts'
import { reportedAsError } from './reported-as-error.ts'
import type { StreamPassage } from './stream-passage.ts'

export interface StreamReceiverParts extends PassOnParts {
  decoder: StreamDecoder
  passage: StreamPassage
  attempt: Attempt
  clock: Clock
  /** Sends the head to the client; called once, when the hold-back ends. */
  begin: () => void
  /** Between comments, where the client's framing has any; null writes none. */
  keepaliveMs: number | null
  onFirstContent: () => void
  settle: (result: AttemptResult) => void
}

const holdBackBytes = 65_536
const holdBackMs = 5_000
const keepalive = Buffer.from(': keep-alive\n\n')

/**
 * Passes a streamed answer on. Until the first content nothing reaches the client, so that another target can
 * still answer; from then on everything does, at once, as the passage makes it (`spec/protocols.md`).
 */
export class StreamReceiver implements Receiver {
  private readonly parts: StreamReceiverParts
  private held: Buffer[] | null = []
  private heldBytes = 0
  private holdTimer: Timer
  private keepaliveTimer: Timer | undefined
  private lastWriteNs = 0
  private over = false
  private clientLeft = false
  /** The client has its whole answer; the backend's last bytes may still come. */
  private delivered = false

  constructor(parts: StreamReceiverParts) {
    this.parts = parts
    this.holdTimer = parts.clock.after(holdBackMs, () => this.release())
  }

  data(bytes: Buffer): void {
    if (this.over) return
    const { observation, attempt, decoder, passage } = this.parts
    const atNs = observation.nowNs()
    if (!this.delivered) this.put(passage.pass(bytes))
    const events = decoder.push(bytes)
    observation.received(bytes, atNs)
    observation.events(attempt, events, atNs)
    if (this.delivered) return
    this.put(passage.say(events))
    if (this.held) this.hold(bytes, events)
    if (this.over) return
    if (this.noteErrors(events) || this.over) return
    if (attempt.firstContentNs === atNs) this.parts.onFirstContent()
    if (decoder.complete && !passage.asReceived) this.deliver()
  }

  ended(): void {
    if (this.over) return
    const { decoder, passage, observation, attempt } = this.parts
    const events = decoder.end()
    observation.events(attempt, events, observation.nowNs())
    if (this.delivered) return this.finish()
    this.put(passage.say(events))
    if (this.held) {
      const refusal = this.refusalIn(events)
      if (refusal) return this.refuse(refusal)
      if (!decoder.terminal) return this.refuse(this.truncated())
      this.release()
    }
    if (this.noteErrors(events)) return
    if (!decoder.terminal) return this.cut(this.truncated())
    this.finish()
  }

  failed(error: ProxyError): void {
    if (this.over) return
    if (this.held) return this.refuse(error)
    // After the terminal event the answer is complete, however the connection ends.
    if (this.delivered || this.parts.decoder.terminal) return this.finish()
    this.cut(error)
  }

  clientGone(): void {
    this.clientLeft = true
    this.keepaliveTimer?.cancel()
    this.parts.flow.resume()
  }

  private put(output: Buffer): void {
    if (output.length === 0) return
    if (this.held) this.held.push(output)
    else this.write(output)
  }

  private hold(bytes: Buffer, events: readonly Event[]): void {
    this.heldBytes += bytes.length
    const refusal = this.refusalIn(events)
    if (refusal) return this.refuse(refusal)
    if (this.heldBytes > holdBackBytes || events.some(endsHoldBack)) this.release()
  }

  /** The error among these events, if it comes before anything that ends the hold-back. */
  private refusalIn(events: readonly Event[]): ProxyError | undefined {
    const decisive = events.find((event) => event.type === 'error' || endsHoldBack(event))
    return decisive?.type === 'error' ? reportedAsError(decisive) : undefined
  }

  /**
   * An error that the provider itself put into the stream: where bytes pass as they came it has passed, and the
   * record must say so; elsewhere it ends the answer. True when it did.
   */
  private noteErrors(events: readonly Event[]): boolean {
    for (const event of events) {
      if (event.type !== 'error') continue
      if (!this.parts.passage.asReceived) {
        this.cut(reportedAsError(event))
        return true
      }
      const { exchange } = this.parts.observation
      this.parts.attempt.error ??= reportedAsError(event)
      exchange.incompleteReason ??= 'backend_error'
      exchange.error ??= this.parts.attempt.error
    }
    return false
  }

  private release(): void {
    if (!this.held || this.over) return
    const held = this.held
    this.held = null
    this.holdTimer.cancel()
    if (!this.clientLeft) this.parts.begin()
    if (held.length === 0) this.parts.outlet.flushHead()
    else this.write(held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held))
    const { keepaliveMs } = this.parts
    if (keepaliveMs !== null && !this.clientLeft) this.watchSilence(keepaliveMs, keepaliveMs)
  }

  private write(bytes: Buffer): void {
    if (bytes.length === 0 || this.clientLeft) return
    passOn(bytes, this.parts)
    this.lastWriteNs = this.parts.observation.nowNs()
  }

  private watchSilence(delayMs: number, keepaliveMs: number): void {
    this.keepaliveTimer = this.parts.clock.after(delayMs, () => {
      if (this.over || this.clientLeft || this.delivered) return
      const silentMs = (this.parts.observation.nowNs() - this.lastWriteNs) / 1e6
      if (silentMs < keepaliveMs - 1) return this.watchSilence(keepaliveMs - silentMs, keepaliveMs)
      // A client that is behind hears no silence of ours.
      if (!this.parts.outlet.readerBehind && this.parts.passage.betweenBlocks) this.write(keepalive)
      this.watchSilence(keepaliveMs, keepaliveMs)
    })
  }

  private refuse(error: ProxyError): void {
    this.stop()
    this.parts.settle(failedAttempt(error))
  }

  private cut(error: ProxyError): void {
    const { outlet, observation, attempt, passage } = this.parts
    this.stop()
    attempt.error = error
    attempt.reason = error.message
    observation.exchange.incompleteReason ??= incompleteReason(error)
    observation.exchange.error ??= error
    const last = passage.fail(error)
    outlet.cut(last)
    observation.passed('PTC', last, observation.nowNs())
    this.parts.settle({ kind: 'answered' })
  }

  private deliver(): void {
    this.delivered = true
    this.write(this.parts.passage.end())
    this.parts.outlet.end()
  }

  private finish(): void {
    this.stop()
    if (!this.delivered) this.deliver()
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
}
