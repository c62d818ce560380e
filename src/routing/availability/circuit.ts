/** When a circuit opens, and for how long at first. */
export interface CircuitSettings {
  failureThreshold: number
  openMs: number
}

/** Doubling ends here (`spec/health-and-routing.md`, Circuit breaker). */
const longestOpenMs = 600_000

export type CircuitState = 'closed' | 'open' | 'half_open'
export type OpenReason = 'failures' | 'endpoint_unhealthy'

/** An attempt's leave to begin; it must be told how the attempt ended, once. */
export interface Pass {
  /** Between two changes of state; what an attempt of an older one reports changes nothing. */
  readonly epoch: number
  readonly isTrial: boolean
}

/** What everybody is told about a circuit. */
export interface CircuitView {
  state: CircuitState
  openReason: OpenReason | null
  /** Of the last failure, or of the endpoint's checks, in words. */
  reason: string | null
  consecutiveFailures: number
  openedAtMs: number | null
  /** When the next trial may begin. */
  retryAtMs: number | null
}

/**
 * The circuit breaker of one backend: `closed → open → half_open → closed`. Pure: times are handed in. While open, one
 * attempt at a time is a trial once the time is over; others are those that nothing but this backend could serve.
 */
export class Circuit {
  #settings: CircuitSettings
  #state: CircuitState = 'closed'
  #epoch = 0
  #failures = 0
  #openMs: number
  #openedAtMs = 0
  #retryAtMs = 0
  #openReason: OpenReason = 'failures'
  #reason: string | null = null
  #trial: Pass | null = null
  /** The trial whose content closed it. */
  #closer: Pass | null = null
  /** No answer was complete since failures opened it: then the next time is twice as long. */
  #keepsFailing = false
  /** What the endpoint's checks said last. */
  #endpointFails = false

  constructor(settings: CircuitSettings) {
    this.#settings = settings
    this.#openMs = settings.openMs
  }

  /** A reload. An open circuit keeps its time. */
  configure(settings: CircuitSettings): void {
    if (this.#openMs === this.#settings.openMs) this.#openMs = settings.openMs
    this.#settings = settings
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Whether an attempt may begin now, be it as the trial. */
  isUsable(nowMs: number): boolean {
    return this.#state === 'closed' || this.#isTrialDue(nowMs)
  }

  /** An attempt begins; while the circuit is open it is the trial, where one is due. */
  begin(nowMs: number): Pass {
    if (!this.#isTrialDue(nowMs)) return { epoch: this.#epoch, isTrial: false }
    this.#state = 'half_open'
    this.#trial = { epoch: this.#epoch, isTrial: true }
    return this.#trial
  }

  /** The first content of an attempt: enough for a trial, whose end may be hours away. */
  content(pass: Pass): void {
    if (pass !== this.#trial) return
    this.#close()
    this.#closer = pass
  }

  /** A complete answer, or a client's error: the backend works. */
  succeeded(pass: Pass): void {
    if (!this.#isCurrent(pass)) return
    this.#failures = 0
    this.#startAnew()
    if (this.#state === 'closed') this.#reason = null
    else this.#close()
  }

  failed(pass: Pass, reason: string, nowMs: number): void {
    if (pass === this.#trial) {
      this.#failures++
      // What the checks say stays the reason for as long as they say it.
      if (this.#endpointFails && this.#openReason === 'endpoint_unhealthy') {
        return this.#openAgain('endpoint_unhealthy', nowMs)
      }
      this.#reason = reason
      return this.#openAgain('failures', nowMs)
    }
    if (this.#state !== 'closed' || !this.#isCurrent(pass)) return
    this.#reason = reason
    this.#failures++
    if (this.#failures < this.#settings.failureThreshold) return
    if (this.#keepsFailing) this.#openAgain('failures', nowMs)
    else this.#open('failures', nowMs)
  }

  /** It says nothing of the backend: a trial's place is free again. */
  ended(pass: Pass): void {
    if (pass === this.#trial) this.#trial = null
  }

  /** The endpoint's checks fail. What failures had opened keeps their reason. */
  endpointFailed(reason: string, nowMs: number): void {
    this.#endpointFails = true
    if (this.#state === 'closed') this.#open('endpoint_unhealthy', nowMs)
    if (this.#openReason === 'endpoint_unhealthy') this.#reason = reason
  }

  /** The endpoint's checks succeed again: one trial may begin at once, whatever had opened it. */
  endpointRecovered(nowMs: number): void {
    if (!this.#endpointFails) return
    this.#endpointFails = false
    if (this.#state !== 'closed') this.#retryAtMs = Math.min(this.#retryAtMs, nowMs)
  }

  /** By hand. */
  reset(): void {
    this.#failures = 0
    this.#startAnew()
    if (this.#state !== 'closed') this.#close()
    this.#reason = null
  }

  get view(): CircuitView {
    const isOpen = this.#state !== 'closed'
    return {
      state: this.#state,
      openReason: isOpen ? this.#openReason : null,
      reason: this.#reason,
      consecutiveFailures: this.#failures,
      openedAtMs: isOpen ? this.#openedAtMs : null,
      retryAtMs: isOpen ? this.#retryAtMs : null,
    }
  }

  /** One that began before the state changed says nothing of the time since. */
  #isCurrent(pass: Pass): boolean {
    return pass.epoch === this.#epoch || pass === this.#closer
  }

  #isTrialDue(nowMs: number): boolean {
    return this.#state !== 'closed' && this.#trial === null && nowMs >= this.#retryAtMs
  }

  #startAnew(): void {
    this.#keepsFailing = false
    this.#openMs = this.#settings.openMs
  }

  #openAgain(why: OpenReason, nowMs: number): void {
    this.#openMs = Math.min(this.#openMs * 2, longestOpenMs)
    this.#open(why, nowMs)
  }

  #open(why: OpenReason, nowMs: number): void {
    if (why === 'failures') this.#keepsFailing = true
    this.#state = 'open'
    this.#openReason = why
    this.#epoch++
    this.#trial = null
    this.#closer = null
    this.#openedAtMs = nowMs
    this.#retryAtMs = nowMs + this.#openMs
  }

  #close(): void {
    this.#state = 'closed'
    this.#epoch++
    this.#trial = null
    this.#closer = null
    this.#failures = 0
    this.#reason = null
  }
}
