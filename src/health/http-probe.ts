import type { Dispatcher } from 'undici'
import type { Clock } from '../core/clock.ts'
import { failure, noAnswerWithin, type Outcome, type RunningCheck } from './outcome.ts'
import { probeFailure } from './probe-failure.ts'

export interface ProbeSettings {
  method: 'HEAD' | 'GET'
  /** Added to the endpoint's URL. */
  path: string
  acceptAnyResponse: boolean
  timeoutMs: number
}

export interface ProbeParts {
  clock: Clock
  dispatcherFor(origin: string): Dispatcher
  userAgent: string
}

/**
 * Asks an endpoint's normalised URL for an answer: no credential, no cookie, no redirect followed, and of the answer
 * nothing but its status read.
 */
export function startHttpProbe(url: string, settings: ProbeSettings, parts: ProbeParts): RunningCheck {
  const { clock, dispatcherFor, userAgent } = parts
  const { method, timeoutMs } = settings
  const { origin, path } = probeUrl(url, settings.path)
  const beganNs = clock.monotonicNs()
  let cancel = () => {}
  const outcome = new Promise<Outcome>((resolve) => {
    const probe = new Probe((end) => {
      timer.cancel()
      resolve(typeof end === 'number' ? answered(end) : end)
    })
    const answered = (status: number) => judged(status, (clock.monotonicNs() - beganNs) / 1e6, settings)
    const timer = clock.after(timeoutMs, () => probe.end(noAnswerWithin(timeoutMs)))
    cancel = () => probe.end(failure('cancelled'))
    const headers = ['user-agent', userAgent, 'accept', '*/*']
    try {
      dispatcherFor(origin).dispatch({ origin, path, method, headers, body: null }, probe)
    } catch (error) {
      probe.end(probeFailure(error as Error))
    }
  })
  return { outcome, cancel: () => cancel() }
}

function judged(status: number, latencyMs: number, { acceptAnyResponse }: ProbeSettings): Outcome {
  const good = acceptAnyResponse || (status >= 200 && status < 300)
  return good ? { kind: 'success', latencyMs, status } : failure(`HTTP ${status}`, status)
}

function probeUrl(url: string, added: string): { origin: string; path: string } {
  const { origin, pathname } = new URL(url)
  const base = pathname.replace(/\/+$/, '')
  const rest = added.replace(/#.*$/, '')
  const path = base + (/^[/?]|^$/.test(rest) ? rest : `/${rest}`)
  return { origin, path: path.startsWith('/') ? path : `/${path}` }
}

/** undici's handler for one probe, which ends once. */
class Probe implements Dispatcher.DispatchHandler {
  private readonly ended: (end: number | Outcome) => void
  private controller: Dispatcher.DispatchController | undefined
  private over = false

  constructor(ended: (end: number | Outcome) => void) {
    this.ended = ended
  }

  /** With the answer's status, or with what else became of it. The connection goes with it. */
  end(end: number | Outcome): void {
    if (this.over) return
    this.over = true
    this.ended(end)
    this.controller?.abort(new Error('the probe is over'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    // Ended while the connection was still being made.
    if (this.over) controller.abort(new Error('the probe is over'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.end(status)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.end(probeFailure(error))
  }
}
