import type { Event } from '../core/event.ts'
import type { Attempt, Exchange } from '../core/exchange.ts'
import { ExchangeNotes } from '../core/exchange-notes.ts'
import type { LiveBackend, LiveExchange, LiveSnapshot } from '../core/live-snapshot.ts'
import type { Monitor } from '../core/monitor.ts'
import { AllBackends } from './all-backends.ts'
import { nothingCounted } from './backend-traffic.ts'
import { billOf, recounted } from './bill.ts'
import { firstOutputBody, openedBody } from './event-bodies.ts'
import { LiveIssues } from './issues.ts'
import { liveExchange } from './live-exchange.ts'
import { OpenExchange } from './open-exchange.ts'
import type { CountedExchange, FoundIssue, LivePorts } from './ports.ts'
import { RecentExchanges, recentOf } from './recent.ts'
import { LiveSessions } from './sessions.ts'
import { Traffic } from './traffic.ts'
import { UsdToday } from './usd-today.ts'
import { rateSeconds, stepSeconds, steps, windowSeconds } from './windows.ts'

/** What is in flight now, and what the last minutes were like. It keeps no text of any request or answer. */
export class Live {
  readonly #ports: LivePorts
  readonly #startedNs: number
  /** By id, the oldest first. */
  readonly #open = new Map<string, OpenExchange>()
  readonly #watching = new ExchangeNotes<OpenExchange>()
  readonly #traffic: Traffic
  readonly #backends = new AllBackends()
  readonly #sessions = new LiveSessions()
  readonly #recent = new RecentExchanges()
  readonly #issues: LiveIssues
  readonly #usdToday: UsdToday
  /** To be told after the monitor that finds issues: of a close, that one's are then known. */
  readonly monitor: Monitor = {
    name: 'live',
    opened: (exchange) => this.#opened(exchange),
    attempted: (exchange, attempt) => this.#attempted(exchange, attempt),
    event: (exchange, event) => this.#event(exchange, event),
    closed: (exchange) => this.#closed(exchange),
  }

  constructor(ports: LivePorts) {
    this.#ports = ports
    this.#startedNs = ports.clock.monotonicNs()
    this.#traffic = new Traffic(this.#startedNs)
    this.#issues = new LiveIssues(ports.redactText)
    this.#usdToday = new UsdToday(ports.clock, ports.usdToday)
  }

  /** An issue of an exchange that is open, or closes just now; again where it became worse. */
  issueFound(issue: FoundIssue): void {
    const isNew = this.#issues.add(issue)
    const open = issue.exchange === null ? undefined : this.#open.get(issue.exchange)
    open?.found(issue)
    if (!isNew || issue.session === null) return
    if (open) this.#sessions.heard(open.exchange)
    this.#sessions.issueFound(issue.session)
  }

  /** Our own count of an exchange that has closed, for what its provider did not report. */
  counted(counted: CountedExchange): void {
    const entry = this.#recent.find(counted.id)
    if (entry === null) return
    const { bill, exchange } = entry
    const sessionId = exchange.session?.id ?? null
    const backend = exchange.attempts.at(-1)?.backend
    const changed = recounted(bill, counted)
    const nowNs = this.#ports.clock.monotonicNs()
    this.#traffic.rebilled(bill, changed, nowNs)
    if (sessionId !== null) this.#sessions.rebilled(sessionId, bill, changed)
    if (backend !== undefined) this.#backends.get(backend)?.rebilled(bill, changed, nowNs)
    entry.bill = changed
  }

  /** `limit` bounds each list. */
  snapshot(limit: number): LiveSnapshot {
    const { clock, version, isDraining } = this.#ports
    const nowNs = clock.monotonicNs()
    for (const open of this.#open.values()) open.passTokens()
    const inFlight = this.#inFlight(limit, nowNs)
    return {
      version,
      at: new Date(clock.nowMs()).toISOString(),
      uptime_seconds: Math.floor((nowNs - this.#startedNs) / 1e9),
      draining: isDraining(),
      windows: {
        rate_seconds: rateSeconds,
        window_seconds: windowSeconds,
        step_seconds: stepSeconds,
        steps,
      },
      traffic: this.#traffic.traffic(nowNs),
      latency: this.#traffic.latency(nowNs),
      cost: this.#traffic.cost(nowNs, this.#usdToday.usd),
      backends: this.#shownBackends(nowNs),
      in_flight_total: this.#open.size,
      in_flight: inFlight.shown,
      recent: this.#recent.list(limit),
      sessions_total: this.#sessions.count,
      sessions: this.#sessions.list(limit, inFlight.bySession, nowNs),
      issues_total: this.#issues.count,
      issues: this.#issues.list(limit),
    }
  }

  #opened(exchange: Exchange): void {
    const open = new OpenExchange(exchange, this.#traffic)
    this.#open.set(exchange.id, open)
    this.#watching.set(exchange, open)
    const { events } = this.#ports
    if (events.isHeard) events.tell('exchange.opened', openedBody(exchange))
  }

  #attempted(exchange: Exchange, attempt: Attempt): void {
    const open = this.#watching.get(exchange)
    if (!open) return
    this.#countEnded(open, exchange.attempts.length - 1)
    open.restart(this.#backends.heard(attempt.backend, exchange.openedNs + attempt.startedNs))
  }

  #event(exchange: Exchange, event: Event): void {
    const open = this.#watching.get(exchange)
    if (!open) return
    // No look at the clock for what happens so often: the bytes that it stood in have just come.
    open.take(event, exchange.attempts.at(-1)?.lastByteNs ?? 0)
    if (open.isFirstOutputTold || exchange.firstContentNs === null) return
    open.isFirstOutputTold = true
    const { events, clock } = this.#ports
    if (events.isHeard) events.tell('exchange.first_output', firstOutputBody(exchange, clock.nowMs()))
  }

  #closed(exchange: Exchange): void {
    const open = this.#watching.get(exchange)
    if (!open) return
    this.#open.delete(exchange.id)
    this.#watching.delete(exchange)
    open.passTokens()
    const { priceOf, events } = this.#ports
    const nowNs = exchange.openedNs + (exchange.closedNs ?? 0)
    const bill = billOf(open, priceOf)
    this.#countEnded(open, exchange.attempts.length)
    this.#traffic.closed(exchange, bill, open.addedTokens, nowNs)
    open.backend?.billed(bill, open.addedTokens, nowNs)
    this.#sessions.closed(exchange, bill, nowNs)
    const closed = this.#recent.add(exchange, bill, open.issue)
    if (events.isHeard) events.tell('exchange.closed', recentOf(closed))
  }

  /** Attempts of an exchange, up to the n-th, that no longer run. */
  #countEnded(open: OpenExchange, upTo: number): void {
    const { attempts, openedNs } = open.exchange
    const { clock, redactText } = this.#ports
    for (; open.countedAttempts < upTo; open.countedAttempts++) {
      const attempt = attempts[open.countedAttempts] as Attempt
      const nowNs = attempt.endedNs === null ? clock.monotonicNs() : openedNs + attempt.endedNs
      const backend = this.#backends.heard(attempt.backend, nowNs)
      backend.ended(attempt, { ns: nowNs, ms: clock.nowMs() }, redactText)
    }
  }

  #inFlight(
    limit: number,
    nowNs: number,
  ): { shown: LiveExchange[]; bySession: Map<string, { open: number; turns: number }> } {
    const shown: LiveExchange[] = []
    const bySession = new Map<string, { open: number; turns: number }>()
    for (const open of this.#open.values()) {
      const { session, callPurpose } = open.exchange
      if (session !== null) {
        // Read from the request after it was opened, and nobody is told then.
        this.#sessions.heard(open.exchange)
        const counted = bySession.get(session.id) ?? { open: 0, turns: 0 }
        counted.open++
        if (callPurpose === 'chat') counted.turns++
        bySession.set(session.id, counted)
      }
      if (shown.length < limit) shown.push(liveExchange(open, nowNs, this.#ports.priceOf))
    }
    return { shown, bySession }
  }

  #shownBackends(nowNs: number): LiveBackend[] {
    return this.#ports.backends(this.#backends.names).map((standing) => ({
      ...standing,
      ...(this.#backends.get(standing.name)?.counted(nowNs) ?? nothingCounted),
    }))
  }
}
