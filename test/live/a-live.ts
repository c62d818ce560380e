import type { Event } from '../../src/core/event.ts'
import type { Attempt, Exchange } from '../../src/core/exchange.ts'
import { Live } from '../../src/live/live.ts'
import type { LivePorts } from '../../src/live/ports.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** A dollar is a thousand tokens of any kind; `free` has no price. */
export const priceOf: LivePorts['priceOf'] = ({ model, usage }) =>
  model === 'free'
    ? null
    : {
        nanoUsd: ((usage.promptTokens ?? 0) + (usage.completionTokens ?? 0)) * 1e6,
        parts: [],
        source: 'config',
        priceVersion: null,
      }

/** The live monitor with a clock that stands still, and what it told. */
export function aLive(ports: Partial<LivePorts> = {}) {
  const clock = new FakeClock()
  const told: { event: string; data: unknown }[] = []
  const live = new Live({
    clock,
    version: '1.2.3',
    priceOf,
    redactText: (text) => text.replaceAll('sk-secret', '[redacted]'),
    events: { isHeard: true, tell: (event, data) => void told.push({ event, data }) },
    backends: (names) => [...names].map(aStanding),
    isDraining: () => false,
    usdToday: null,
    ...ports,
  })
  return { live, clock, told, play: (changed: Partial<Exchange> = {}) => new Played(live, clock, changed) }
}

export function aStanding(name: string) {
  return {
    ...{ name, backend_type: 'openai', state: 'ok' as const, reason: null, retry_at: null },
    circuit_history: [],
    ...{ in_flight: 0, queued: 0, quota: null },
  }
}

let ids = 0

/** One exchange, told to a monitor step by step as the pipeline does. */
export class Played {
  readonly exchange: Exchange
  readonly #live: Live
  readonly #clock: FakeClock

  constructor(live: Live, clock: FakeClock, changed: Partial<Exchange>) {
    this.#live = live
    this.#clock = clock
    this.exchange = anExchange({
      ...{ id: `x_${++ids}`, openedAtMs: clock.nowMs(), openedNs: clock.monotonicNs() },
      ...{ attempts: [], status: null, outcome: null, plannedAttempts: 0 },
      ...{ receivedNs: 0, firstContentNs: null, closedNs: null },
      ...changed,
    })
    live.monitor.opened?.(this.exchange)
  }

  get #nowNs(): number {
    return this.#clock.monotonicNs() - this.exchange.openedNs
  }

  /** An attempt begins and is sent. */
  attempt(changed: Partial<Attempt> = {}): this {
    const attempt = anAttempt({
      ...{ number: this.exchange.attempts.length + 1, startedNs: this.#nowNs, sentNs: this.#nowNs },
      ...{ status: null, usage: null, stop: null },
      ...changed,
    })
    this.exchange.attempts.push(attempt)
    this.#live.monitor.attempted?.(this.exchange, attempt)
    return this
  }

  answered(status = 200): this {
    Object.assign(this.last, { status, firstByteNs: this.#nowNs })
    return this
  }

  /** A chunk that says this. */
  says(...events: Event[]): this {
    this.last.lastByteNs = this.#nowNs
    for (const event of events) {
      if (event.type === 'text' || event.type === 'reasoning' || event.type === 'tool_call') {
        this.last.firstContentNs ??= this.#nowNs
        this.exchange.firstContentNs ??= this.#nowNs
      }
      if (event.type === 'tool_call' && event.name) this.last.toolNames.push(event.name)
      if (event.type === 'usage') this.last.usage = event.usage
      if (event.type === 'end') this.last.stop = event.reason
      this.#live.monitor.event?.(this.exchange, event)
    }
    return this
  }

  text(text: string): this {
    return this.says({ type: 'text', text })
  }

  fails(error: NonNullable<Attempt['error']>): this {
    Object.assign(this.last, { error, endedNs: this.#nowNs, status: error.status })
    return this
  }

  /** With a report, and this reason to stop. */
  ends(prompt: number, completion: number, reason: NonNullable<Attempt['stop']> = 'stop'): this {
    this.says(
      { type: 'usage', usage: { promptTokens: prompt, completionTokens: completion } },
      { type: 'end', reason, raw: reason },
    )
    return this.closes()
  }

  closes(changed: Partial<Exchange> = {}): this {
    const last = this.exchange.attempts.at(-1)
    if (last) last.endedNs ??= this.#nowNs
    Object.assign(this.exchange, { outcome: 'complete', status: 200, closedNs: this.#nowNs, ...changed })
    this.#live.monitor.closed?.(this.exchange)
    return this
  }

  get last(): Attempt {
    return this.exchange.attempts.at(-1) as Attempt
  }
}
