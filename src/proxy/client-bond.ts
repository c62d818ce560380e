import { ProxyError } from '../core/errors.ts'
import type { Outlet } from './answer/outlet.ts'
import type { AttemptRun } from './attempts/attempt.ts'

/** Ties the running attempt to the client's connection and to the proxy's life. One per exchange. */
export class ClientBond {
  private readonly controller = new AbortController()
  private running: { attempt: AttemptRun; drainMs: number | null } | undefined

  constructor(outlet: Outlet) {
    outlet.onGone(() => {
      this.controller.abort(new ProxyError('client_gone', 'the client has gone'))
      this.running?.attempt.clientGone(this.running.drainMs)
    })
  }

  /** Aborted when nobody waits for an answer any more. */
  get stopped(): AbortSignal {
    return this.controller.signal
  }

  run(attempt: AttemptRun, drainMs: number | null): void {
    this.running = { attempt, drainMs }
    if (this.stopped.aborted) attempt.clientGone(drainMs)
  }

  /** Ends the exchange from our side. */
  stop(error: ProxyError): void {
    this.controller.abort(error)
    this.running?.attempt.stop(error)
  }
}
