import { ProxyError } from '../../core/errors.ts'
import type { Event } from '../../core/event.ts'
import type { Attempt } from '../../core/exchange.ts'
import type { StreamDecoder } from '../../core/protocol.ts'
import { failedAttempt } from '../answer/failed-attempt.ts'
import type { Outlet } from '../answer/outlet.ts'
import type { AttemptResult, Receiver } from '../answer/receiver.ts'
import { reportedAsError } from '../answer/reported-as-error.ts'
import type { Observation } from '../observation.ts'

export interface CollectingReceiverParts {
  decoder: StreamDecoder
  body: (events: readonly Event[]) => Buffer
  attempt: Attempt
  observation: Observation
  outlet: Outlet
  begin: (length: number) => void
  onFirstContent: () => void
  settle: (result: AttemptResult) => void
}

/** What is collected at most; an answer of that length was meant to be a stream. */
const maxBytes = 64 << 20

/** A stream for a client that asked for a whole answer: some backends only stream. Nothing goes out before its end. */
export class CollectingReceiver implements Receiver {
  private readonly parts: CollectingReceiverParts
  private readonly collected: Event[] = []
  private length = 0
  private over = false

  constructor(parts: CollectingReceiverParts) {
    this.parts = parts
  }

  data(bytes: Buffer): void {
    if (this.over) return
    const { observation, attempt, decoder, onFirstContent } = this.parts
    const atNs = observation.nowNs()
    this.length += bytes.length
    observation.received(bytes, atNs)
    this.take(decoder.push(bytes), atNs)
    if (attempt.firstContentNs === atNs) onFirstContent()
    if (this.length > maxBytes) this.failed(this.fault('is larger than can be collected', 'backend_answer'))
  }

  ended(): void {
    if (this.over) return
    const { decoder, observation, outlet, begin, settle } = this.parts
    this.take(decoder.end(), observation.nowNs())
    if (this.over) return
    if (!decoder.terminal) {
      return this.failed(this.fault('ended before it was complete', 'backend_truncated'))
    }
    this.over = true
    const body = this.parts.body(this.collected)
    begin(body.length)
    outlet.end(body)
    observation.passed('PTC', body, observation.nowNs())
    settle({ kind: 'answered' })
  }

  failed(error: ProxyError): void {
    if (this.over) return
    if (this.parts.decoder.terminal && error.code !== 'backend_answer') return this.ended()
    this.over = true
    this.parts.settle(failedAttempt(error))
  }

  clientGone(): void {}

  private take(events: readonly Event[], atNs: number): void {
    this.parts.observation.events(this.parts.attempt, events, atNs)
    for (const event of events) {
      if (event.type === 'error') {
        this.over = true
        return this.parts.settle(failedAttempt(reportedAsError(event)))
      }
      this.collected.push(event)
    }
  }

  private fault(what: string, code: 'backend_answer' | 'backend_truncated'): ProxyError {
    return new ProxyError(code, `the answer of backend ${this.parts.attempt.backend} ${what}`)
  }
}
