import type { Timeouts } from '../../core/backend.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'

const names = ['connect', 'headers', 'first content', 'idle', 'total', 'failover'] as const
export type TimeoutName = (typeof names)[number]

const never = Number.POSITIVE_INFINITY
const notRunning: Readonly<Record<TimeoutName, number>> = {
  connect: never,
  headers: never,
  'first content': never,
  idle: never,
  total: never,
  failover: never,
}

/** By how much two readings of one moment may differ. */
const roundedMs = 0.001

/**
 * The separate timeouts of one attempt (`spec/health-and-routing.md`). `onTimeout` is called at most once.
 * They share one timer of the clock's, for nearly all are over long before they are due: it looks which is due, and waits
 * on for the next. Idle is watched without a timer per chunk: it is looked at when the last byte came.
 */
export class AttemptTimers {
  private readonly clock: Clock
  private readonly timeouts: Timeouts
  private readonly backend: string
  private readonly onTimeout: (error: ProxyError, name: TimeoutName) => void
  /** By the clock that never goes back; infinite while it does not run. */
  private readonly dueMs: Record<TimeoutName, number> = { ...notRunning }
  private timer: Timer | undefined
  private wakesAtMs = never
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
    this.disarm('failover')
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
    this.timer?.cancel()
  }

  private nowMs(): number {
    return this.clock.monotonicNs() / 1e6
  }

  private arm(name: TimeoutName, delayMs: number): void {
    if (this.over) return
    const nowMs = this.nowMs()
    this.dueMs[name] = nowMs + delayMs
    this.wakeBy(this.dueMs[name], nowMs)
  }

  private disarm(name: TimeoutName): void {
    this.dueMs[name] = never
  }

  private wakeBy(dueMs: number, nowMs: number): void {
    if (dueMs >= this.wakesAtMs) return
    this.timer?.cancel()
    this.wakesAtMs = dueMs
    this.timer = this.clock.after(Math.max(0, dueMs - nowMs), () => this.woken())
  }

  private woken(): void {
    this.wakesAtMs = never
    const nowMs = this.nowMs()
    for (const name of names) {
      if (!this.over && this.dueMs[name] - nowMs < roundedMs) this.expired(name)
    }
    if (!this.over) this.wakeBy(Math.min(...names.map((name) => this.dueMs[name])), nowMs)
  }

  private expired(name: TimeoutName): void {
    this.disarm(name)
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
