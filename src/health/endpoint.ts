import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import {
  type EndpointState,
  forgotten,
  freshEndpoint,
  pingEnded,
  probeEnded,
  type Result,
  trafficAnswered,
} from './endpoint-state.ts'
import { hostOf } from './endpoint-url.ts'
import type { ProbeSettings } from './http-probe.ts'
import type { CheckKind, Outcome, RunningCheck } from './outcome.ts'
import { momentOf, type RepeatedCheck, repeatedCheck } from './repeated-check.ts'
import { provedAlive, type Thresholds } from './verdict.ts'

export type HealthSettings = Config['health_check']

export interface EndpointParts {
  clock: Clock
  random: () => number
  ping(host: string, timeoutMs: number): RunningCheck
  probe(url: string, settings: ProbeSettings): RunningCheck
  /** Something was learnt; `evidence` says what. */
  learnt(endpoint: Endpoint, evidence: string): void
  checked(endpoint: Endpoint, kind: CheckKind, outcome: Outcome): void
  onFault(error: unknown): void
}

/** One API URL: what is known about it, and its checks. */
export class Endpoint {
  readonly url: string
  /** The backends that use it. */
  backends: readonly string[] = []
  state: EndpointState
  thresholds: Thresholds = { ping: null, http: null }
  private readonly parts: EndpointParts
  private settings: { [kind in CheckKind]?: HealthSettings[kind] } = {}
  private readonly checks = new Map<CheckKind, RepeatedCheck>()
  /** Checks that were given up and may still have something to clear away. */
  private readonly ending = new Set<Promise<void>>()

  constructor(url: string, parts: EndpointParts) {
    this.url = url
    this.parts = parts
    this.state = freshEndpoint(momentOf(parts.clock))
  }

  /** Checks of a kind whose settings changed start anew, at once; what is known stays while the kind is on. */
  configure(settings: HealthSettings): void {
    const { enabled, ping, http } = settings
    this.setKind('ping', enabled && ping.enabled ? ping : undefined)
    this.setKind('http', enabled && http.enabled ? http : undefined)
  }

  answered(status: number): void {
    this.state = trafficAnswered(this.state, momentOf(this.parts.clock))
    this.parts.learnt(this, `a call was answered with ${status}`)
  }

  async checkNow(): Promise<void> {
    await Promise.all([...this.checks.values()].map((check) => check.now()))
  }

  async stop(): Promise<void> {
    for (const kind of this.checks.keys()) this.giveUp(kind)
    await Promise.all(this.ending)
  }

  private setKind<Kind extends CheckKind>(kind: Kind, settings: HealthSettings[Kind] | undefined): void {
    if (isDeepStrictEqual(settings, this.settings[kind])) return
    this.giveUp(kind)
    this.settings = { ...this.settings, [kind]: settings }
    this.thresholds = { ...this.thresholds, [kind]: settings?.failure_threshold ?? null }
    if (settings === undefined) {
      this.state = forgotten(this.state, kind, momentOf(this.parts.clock))
      return
    }
    const check = this.repeated(kind, settings.interval_seconds * 1000)
    this.checks.set(kind, check)
    void check.now()
  }

  private repeated(kind: CheckKind, intervalMs: number): RepeatedCheck {
    const { clock, random, onFault } = this.parts
    return repeatedCheck({
      ...{ clock, random, intervalMs, onFault },
      start: () => (kind === 'ping' ? this.startPing() : this.startProbe()),
      ended: (result) => (kind === 'ping' ? this.pinged(result) : this.probed(result)),
    })
  }

  private startPing(): RunningCheck {
    return this.parts.ping(hostOf(this.url), (this.settings.ping?.timeout_seconds ?? 0) * 1000)
  }

  private startProbe(): RunningCheck {
    const { http } = this.settings
    return this.parts.probe(this.url, {
      method: http?.method ?? 'HEAD',
      path: http?.path ?? '',
      acceptAnyResponse: http?.accept_any_response ?? true,
      timeoutMs: (http?.timeout_seconds ?? 0) * 1000,
    })
  }

  private pinged(result: Result): void {
    this.state = pingEnded(this.state, result)
    const { kind } = result.outcome
    this.told('ping', result, kind === 'success' ? 'a ping was answered' : 'ping is not available')
    if (kind === 'failure') this.askAnother(result)
  }

  private probed(result: Result): void {
    const { outcome } = result
    this.state = probeEnded(this.state, result)
    const status = outcome.kind === 'success' ? ` with ${outcome.status}` : ''
    this.told('http', result, `an HTTP probe was answered${status}`)
  }

  private told(kind: CheckKind, { outcome }: Result, evidence: string): void {
    this.parts.learnt(this, evidence)
    this.parts.checked(this, kind, outcome)
  }

  /**
   * The first of failed pings has the endpoint probed at once, if it was not since: where ICMP is blocked, pings must
   * not have failed often enough before the next probe is due.
   */
  private askAnother({ began }: Result): void {
    const { ping, http } = this.state
    if (ping.consecutiveFailures !== 1 || provedAlive(this.state) || http.newestNs >= began.ns) return
    void this.checks.get('http')?.now()
  }

  private giveUp(kind: CheckKind): void {
    const over = this.checks.get(kind)?.stop()
    this.checks.delete(kind)
    if (!over) return
    const gone = over.finally(() => this.ending.delete(gone))
    this.ending.add(gone)
  }
}
