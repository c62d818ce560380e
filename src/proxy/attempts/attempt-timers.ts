import type { Timeouts } from '../../core/backend.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'

export type TimeoutName = 'connect' | 'headers' | 'first content' | 'idle' | 'total' | 'failover'

/**
 * The separate timeouts of one attempt (`spec/health-and-routing.md`). `onTimeout` is called at most once.
 * Idle is watched without a timer per chunk: one timer looks when the last byte came.
 */
export class AttemptTimers {
  private readonly clock: Clock
  private readonly timeouts: Timeouts
  private readonly backend: string
  private readonly onTimeout: (error: ProxyError, name: TimeoutName) => void
  private readonly running = new Map<TimeoutName, Timer>()
  private sentNs = 0
  private lastByteNs = 0
  private paused = false
  private over = false

  constructor(
    clock: Clock,
    backend: { name: string; timeouts: Timeouts },
    onTimeout: (error: ProxyError, name: TimeoutName) => void,
  ) {
    this.clock = clock
    this.timeouts = backend.timeouts
    this.backend = backend.name
    this.onTimeout = onTimeout
  }

  /** A connection is being made; `mayFailOver` while another target is left for a stream. */
  start(mayFailOver: boolean): void {
    this.arm('connect', this.timeouts.connectMs)
    this.arm('total', this.timeouts.totalMs)
    if (mayFailOver) this.arm('failover', this.timeouts.failoverMs)
  }

  /** The request is being sent: the wait for its answer begins. */
  connected(): void {
    this.sentNs = this.clock.monotonicNs()
    this.disarm('connect')
    this.arm('headers', this.timeouts.headersMs)
  }

  head(streams: boolean): void {
    this.disarm('headers')
    const waitedMs = (this.clock.monotonicNs() - this.sentNs) / 1e6
    if (streams) this.arm('first content', Math.max(0, this.timeouts.firstContentMs - waitedMs))
    this.byte()
    this.arm('idle', this.timeouts.idleMs)
  }

  byte(): void {
    this.lastByteNs = this.clock.monotonicNs()
    if (this.running.has('failover')) this.disarm('failover')
  }

  firstContent(): void {
    this.disarm('first content')
  }

  /** While the client does not read, the backend's silence is not its own. */
  setPaused(paused: boolean): void {
    this.paused = paused
    if (!paused) this.lastByteNs = this.clock.monotonicNs()
  }

  stop(): void {
    this.over = true
    for (const timer of this.running.values()) timer.cancel()
    this.running.clear()
  }

  private arm(name: TimeoutName, delayMs: number): void {
    if (this.over) return
    this.running.get(name)?.cancel()
    this.running.set(
      name,
      this.clock.after(delayMs, () => this.expired(name)),
    )
  }

  private disarm(name: TimeoutName): void {
    this.running.get(name)?.cancel()
    this.running.delete(name)
  }

  private expired(name: TimeoutName): void {
    if (name === 'idle') {
      const silentMs = this.paused ? 0 : (this.clock.monotonicNs() - this.lastByteNs) / 1e6
      const leftMs = this.timeouts.idleMs - silentMs
      if (leftMs > 1) return this.arm('idle', leftMs)
    }
    this.stop()
    this.onTimeout(timeoutError(name, this.backend, this.limitMs(name)), name)
  }

  private limitMs(name: TimeoutName): number {
    const { connectMs, headersMs, firstContentMs, idleMs, totalMs, failoverMs } = this.timeouts
    const limits = { connect: connectMs, headers: headersMs, 'first content': firstContentMs, idle: idleMs }
    return { ...limits, total: totalMs, failover: failoverMs }[name]
  }
}

function timeoutError(name: TimeoutName, backend: string, limitMs: number): ProxyError {
  const seconds = limitMs / 1000
  const what = {
    connect: `no connection to backend ${backend} within ${seconds} s`,
    headers: `no answer from backend ${backend} within ${seconds} s`,
    'first content': `backend ${backend} began its answer but sent no content within ${seconds} s`,
    idle: `backend ${backend} sent nothing for ${seconds} s`,
    total: `the answer of backend ${backend} took longer than ${seconds} s`,
    failover: `no byte from backend ${backend} within ${seconds} s while another target is left`,
  }[name]
  const key = name === 'first content' ? 'first_content_seconds' : `${name}_seconds`
  return new ProxyError('backend_timeout', `${what}; backends.${backend}.timeouts.${key} sets the limit`)
}
