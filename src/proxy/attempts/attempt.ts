import { sendFailure } from '../../backends/failures.ts'
import type { Pools } from '../../backends/pools.ts'
import {
  type AnswerListener,
  type FailedSending,
  type Outgoing,
  type Sending,
  send,
} from '../../backends/send.ts'
import type { Backend } from '../../core/backend.ts'
import type { Clock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import type { Attempt } from '../../core/exchange.ts'
import type { HeaderPairs } from '../../core/http.ts'
import type { WireEnd } from '../../core/monitor.ts'
import { failedAttempt } from '../answer/failed-attempt.ts'
import type { AnswerHead, AttemptControl, AttemptResult, Receiver } from '../answer/receiver.ts'
import type { Observation } from '../observation.ts'
import { wireHeaders } from '../wire-headers.ts'
import { AttemptTimers } from './attempt-timers.ts'

export interface AttemptParts {
  pools: Pools
  clock: Clock
  backend: Backend
  outgoing: Outgoing
  attempt: Attempt
  observation: Observation
  /** For streams: another target could still answer. */
  mayFailOver: boolean
  /** Can the request be sent once more? Not if its body was a stream that is used up. */
  repeatable: boolean
  chooseReceiver: (head: AnswerHead, control: AttemptControl) => { receiver: Receiver; streams: boolean }
}

/** One try at one backend: sends, keeps the time, and hands the answer to the receiver that fits it. */
export class AttemptRun implements AnswerListener {
  readonly result: Promise<AttemptResult>
  private readonly parts: AttemptParts
  private readonly timers: AttemptTimers
  private resolve: (result: AttemptResult) => void = () => {}
  private sending: Sending | undefined
  private receiver: Receiver | undefined
  private isSent = false
  private clientLeft = false
  private settled = false

  constructor(parts: AttemptParts) {
    this.parts = parts
    this.result = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.timers = new AttemptTimers(parts.clock, parts.backend, (error) => this.stop(error))
  }

  start(): this {
    this.timers.start(this.parts.mayFailOver)
    this.sending = send(this.parts.pools, this.parts.outgoing, this)
    return this
  }

  /** Stops the attempt: the connection is closed, and what has begun ends with this error. */
  stop(error: ProxyError): void {
    if (this.settled) return
    this.sending?.abort()
    this.legEnded(stoppedBy[error.code as string] ?? 'abort_proxy', error)
    this.deliverFailure(error)
  }

  /** The client has gone: read on for at most `drainMs`, or stop at once. */
  clientGone(drainMs: number | null): void {
    if (this.settled) return
    const gone = () => new ProxyError('client_gone', 'the client has gone')
    if (drainMs === null) return this.stop(gone())
    this.clientLeft = true
    this.receiver?.clientGone()
    const timer = this.parts.clock.after(drainMs, () => this.stop(gone()))
    void this.result.finally(() => timer.cancel())
  }

  sent(): void {
    this.isSent = true
    this.parts.attempt.sentNs = this.parts.observation.nowNs()
    this.timers.connected()
  }

  head(status: number, headers: HeaderPairs, raw: readonly (string | Buffer)[]): void {
    const { observation, attempt } = this.parts
    if (observation.hearsWire) {
      observation.wireHead('BTP', attempt.number, { status, headers: wireHeaders(raw) })
    }
    this.parts.attempt.upstreamRequestId = requestId(headers)
    this.parts.observation.answered(this.parts.attempt, status)
    const control: AttemptControl = {
      flow: { pause: () => this.sending?.pause(), resume: () => this.sending?.resume() },
      settle: (result) => this.settle(result),
      onFirstContent: () => this.timers.firstContent(),
      onPaused: (paused) => this.timers.setPaused(paused),
    }
    const chosen = this.parts.chooseReceiver({ status, headers }, control)
    this.receiver = chosen.receiver
    if (this.clientLeft) this.receiver.clientGone()
    this.timers.head(chosen.streams)
  }

  data(bytes: Buffer): void {
    this.timers.byte()
    this.receiver?.data(bytes)
    const { observation, attempt } = this.parts
    if (observation.hearsWire) observation.wireBytes('BTP', attempt.number, bytes)
  }

  ended(): void {
    this.legEnded('eof', null)
    this.receiver?.ended()
  }

  failed(error: Error, { sent, lostIdleConnection }: FailedSending): void {
    if (this.settled) return
    // An idle connection that the provider closed as the request arrived: nothing was processed.
    if (lostIdleConnection && this.parts.repeatable) {
      this.sending = send(this.parts.pools, this.parts.outgoing, this, true)
      return
    }
    const failure = sendFailure(error, this.parts.backend, sent)
    this.legEnded(this.receiver ? 'abort_backend' : 'error', failure)
    this.deliverFailure(failure)
  }

  private legEnded(why: WireEnd, error: ProxyError | null): void {
    const { observation, attempt } = this.parts
    if (observation.hearsWire) observation.wireEnd('BTP', attempt.number, why, error)
  }

  private deliverFailure(error: ProxyError): void {
    if (this.receiver) return this.receiver.failed(error)
    this.settle(
      failedAttempt(error, {
        mayFailOver: error.code !== 'client_gone' && error.code !== 'shutting_down',
        notProcessed: error.code === 'connect_failed',
        timedOut: error.code === 'backend_timeout' && this.isSent,
      }),
    )
  }

  private settle(result: AttemptResult): void {
    if (this.settled) return
    this.settled = true
    this.timers.stop()
    this.sending?.abort()
    this.parts.attempt.endedNs = this.parts.observation.nowNs()
    if (result.kind === 'failed') {
      this.parts.attempt.error = result.failure.error
      this.parts.attempt.reason = result.failure.error.message
    }
    this.resolve(result)
  }
}

/** What of ours ends an attempt, by the error's code; all else is the proxy's own doing. */
const stoppedBy: Readonly<Record<string, WireEnd>> = {
  client_gone: 'abort_client',
  backend_timeout: 'timeout',
}

function requestId(headers: HeaderPairs): string | null {
  for (const [name, value] of headers) if (name === 'x-request-id' || name === 'request-id') return value
  return null
}
