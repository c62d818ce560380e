import { ProxyError } from '../core/errors.ts'
import type { Outlet } from './answer/outlet.ts'
import type { AttemptRun } from './attempts/attempt.ts'

/** Ties the running attempt to the client's connection and to the proxy's life. One per exchange. */
export class ClientBond {
  /** Made when somebody asks: few exchanges wait for anything but their attempt. */
  private controller: AbortController | undefined
  private reason: ProxyError | undefined
  private running: { attempt: AttemptRun; drainMs: number | null } | undefined

  constructor(outlet: Outlet) {
    outlet.onGone(() => {
      this.abort(new ProxyError('client_gone', 'the client has gone'))
      this.running?.attempt.clientGone(this.running.drainMs)
    })
  }

  /** Aborted when nobody waits for an answer any more. */
  get stopped(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController()
      if (this.reason) this.controller.abort(this.reason)
    }
    return this.controller.signal
  }

  run(attempt: AttemptRun, drainMs: number | null): void {
    this.running = { attempt, drainMs }
    if (this.reason) attempt.clientGone(drainMs)
  }

  /** Ends the exchange from our side. */
  stop(error: ProxyError): void {
    this.abort(error)
    this.running?.attempt.stop(error)
  }

  private abort(reason: ProxyError): void {
    this.reason ??= reason
    this.controller?.abort(reason)
  }
}
