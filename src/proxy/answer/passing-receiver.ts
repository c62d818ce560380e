import type { ProxyError } from '../../core/errors.ts'
import type { Attempt } from '../../core/exchange.ts'
import { incompleteReason } from '../incomplete-reason.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { AttemptResult, Receiver } from './receiver.ts'

export interface PassingReceiverParts extends PassOnParts {
  attempt: Attempt
  settle: (result: AttemptResult) => void
}

/** Passes a body on as it comes, without looking at it. The head is out already. */
export class PassingReceiver implements Receiver {
  private readonly parts: PassingReceiverParts

  constructor(parts: PassingReceiverParts) {
    this.parts = parts
  }

  data(bytes: Buffer): void {
    const atNs = this.parts.observation.nowNs()
    this.pass(bytes)
    this.parts.observation.received(bytes, atNs)
  }

  /** Writes bytes on that the observation already knows as received. */
  pass(bytes: Buffer): void {
    passOn(bytes, this.parts)
  }

  ended(): void {
    this.parts.outlet.end()
    this.parts.settle({ kind: 'answered' })
  }

  failed(error: ProxyError): void {
    const { attempt, observation, outlet, settle } = this.parts
    attempt.error = error
    attempt.reason = error.message
    observation.exchange.incompleteReason ??= incompleteReason(error)
    observation.exchange.error ??= error
    outlet.cut(Buffer.alloc(0))
    settle({ kind: 'answered' })
  }

  clientGone(): void {
    this.parts.flow.resume()
  }
}
