import type { Event } from '../core/event.ts'
import type { Exchange } from '../core/exchange.ts'
import type { LiveIssue } from '../core/live-snapshot.ts'
import type { BackendTraffic } from './backend-traffic.ts'
import { charactersOf, isVisible, outputTokens, tokensOf } from './output-count.ts'
import type { Traffic } from './traffic.ts'

/** From harmless to serious. */
const severities: readonly LiveIssue['severity'][] = ['info', 'note', 'warn', 'error']

/** An exchange in flight, with what is counted of it as it passes. */
export class OpenExchange {
  readonly exchange: Exchange
  /** Of the answer that runs. */
  #characters = 0
  #hasEvents = false
  /** Characters that are in no sum yet, all of one second of the clock. */
  #passing = 0
  #second = 0
  readonly #traffic: Traffic
  /** Of the attempt that runs. */
  #backend: BackendTraffic | null = null
  #issue: { code: string; severity: LiveIssue['severity'] } | null = null
  /** Since the exchange was opened, as all its times. */
  visibleNs: number | null = null
  /** Output tokens of it that stand in the sums already. */
  addedTokens = 0
  /** Attempts whose end has been counted. */
  countedAttempts = 0
  isFirstOutputTold = false

  constructor(exchange: Exchange, traffic: Traffic) {
    this.exchange = exchange
    this.#traffic = traffic
  }

  /** Another attempt begins, and with it another answer. */
  restart(backend: BackendTraffic): void {
    this.passTokens()
    this.#backend = backend
    this.#characters = 0
    this.#hasEvents = false
    this.visibleNs = null
    this.addedTokens = 0
  }

  /** `atNs`: since the exchange was opened. */
  take(event: Event, atNs: number): void {
    this.#hasEvents = true
    if (this.visibleNs === null && isVisible(event)) this.visibleNs = atNs
    const characters = charactersOf(event)
    if (characters === 0) return
    this.#characters += characters
    const second = Math.floor((this.exchange.openedNs + atNs) / 1e9)
    if (second !== this.#second) this.passTokens()
    this.#second = second
    this.#passing += characters
  }

  /** Adds the tokens that have passed to the sums: once a second, for events are many. */
  passTokens(): void {
    if (this.#passing === 0) return
    const tokens = tokensOf(this.#passing)
    this.#passing = 0
    this.addedTokens += tokens
    const atNs = this.#second * 1e9
    this.#traffic.tokensPassed(tokens, atNs)
    this.#backend?.tokensPassed(tokens, atNs)
  }

  /** Null where the answer is not read. */
  get outputTokens(): number | null {
    return outputTokens(this.exchange, this.#characters, this.#hasEvents)
  }

  /** Something came that is not read. */
  get passesUnread(): boolean {
    return !this.#hasEvents && (this.exchange.attempts.at(-1)?.lastByteNs ?? null) !== null
  }

  get backend(): BackendTraffic | null {
    return this.#backend
  }

  found({ code, severity }: { code: string; severity: LiveIssue['severity'] }): void {
    const isWorse = severities.indexOf(severity) > severities.indexOf(this.#issue?.severity ?? 'info')
    if (this.#issue === null || isWorse) this.#issue = { code, severity }
  }

  /** Code of the worst that was found. */
  get issue(): string | null {
    return this.#issue?.code ?? null
  }
}
