import type { SessionMark, SessionState } from '../session-state.ts'
import { Distribution, type DistributionSummary } from './distribution.ts'
import { NamedCounts } from './named-counts.ts'
import { RecentCount } from './recent-count.ts'

/** What `GET /v1/replacement/metrics` says of this process, but for its configuration (`spec/replacement.md`). */
export interface CountersSummary {
  started_at: string
  elapsed_seconds: number
  activation_metrics: {
    total_activations: number
    activation_rate_per_second: number
    activations_last_60s: number
    /** Of the rolls; less than `observed_probability` where won rolls found no usable target. */
    activation_ratio: number | null
    unique_sessions_activated: number
    by_rule: Record<string, number>
    by_target: Record<string, number>
  }
  turn_count_metrics: {
    total_turns_completed: number
    average_turn_count: number | null
    turn_count_distribution: Record<string, number>
    turns_before_activation: DistributionSummary
    unique_sessions_with_turns: number
  }
  opt_out_metrics: {
    total_opt_outs: number
    header_opt_outs: number
    session_opt_outs: number
    opt_out_rate_per_second: number
    opt_outs_last_60s: number
    unique_sessions_opted_out: number
    /** Of all requests that replacement was asked about. */
    opt_out_ratio: number | null
  }
  probability_check_metrics: {
    total_probability_checks: number
    unique_sessions_checked: number
    observed_probability: number | null
  }
}

const fresh = (nowMs: number) => ({
  sinceMs: nowMs,
  requests: 0,
  activations: 0,
  recentActivations: new RecentCount(),
  byRule: new NamedCounts(),
  byTarget: new NamedCounts(),
  turnsCompleted: 0,
  windowTurns: new Distribution(),
  turnsBefore: new Distribution(),
  optOuts: { header: 0, session: 0 },
  recentOptOuts: new RecentCount(),
  checks: 0,
  won: 0,
  sessions: { activated: 0, checked: 0, optedOut: 0, hadTurns: 0 } satisfies Record<SessionMark, number>,
})

/** Counts what replacement does, each event in constant time and all in bounded memory. */
export class Counters {
  readonly #nowMs: () => number
  /** Sessions are counted once between two resets. */
  #epoch = 1
  #now: ReturnType<typeof fresh>

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#now = fresh(nowMs())
  }

  reset(): void {
    this.#epoch += 1
    this.#now = fresh(this.#nowMs())
  }

  request(): void {
    this.#now.requests += 1
  }

  optedOut(by: 'header' | 'session', session: SessionState): void {
    this.#now.optOuts[by] += 1
    this.#now.recentOptOuts.add(this.#nowMs())
    this.#mark('optedOut', session)
  }

  rolled(isWon: boolean, session: SessionState): void {
    this.#now.checks += 1
    if (isWon) this.#now.won += 1
    this.#mark('checked', session)
  }

  activated(rule: string, target: string, turnsBefore: number, session: SessionState): void {
    this.#now.activations += 1
    this.#now.recentActivations.add(this.#nowMs())
    this.#now.byRule.add(rule)
    this.#now.byTarget.add(target)
    this.#now.turnsBefore.add(turnsBefore)
    this.#mark('activated', session)
  }

  turnClosed(session: SessionState): void {
    this.#now.turnsCompleted += 1
    this.#mark('hadTurns', session)
  }

  windowEnded(turns: number): void {
    this.#now.windowTurns.add(turns)
  }

  summary(): CountersSummary {
    const now = this.#now
    const nowMs = this.#nowMs()
    const elapsedSeconds = Math.max(0, nowMs - now.sinceMs) / 1000
    const perSecond = (count: number) => (elapsedSeconds === 0 ? 0 : count / elapsedSeconds)
    const optOuts = now.optOuts.header + now.optOuts.session
    return {
      started_at: new Date(now.sinceMs).toISOString(),
      elapsed_seconds: elapsedSeconds,
      activation_metrics: {
        total_activations: now.activations,
        activation_rate_per_second: perSecond(now.activations),
        activations_last_60s: now.recentActivations.total(nowMs),
        activation_ratio: ratio(now.activations, now.checks),
        unique_sessions_activated: now.sessions.activated,
        by_rule: now.byRule.toObject(),
        by_target: now.byTarget.toObject(),
      },
      turn_count_metrics: {
        total_turns_completed: now.turnsCompleted,
        average_turn_count: now.windowTurns.average,
        turn_count_distribution: now.windowTurns.counts(),
        turns_before_activation: now.turnsBefore.summary(),
        unique_sessions_with_turns: now.sessions.hadTurns,
      },
      opt_out_metrics: {
        total_opt_outs: optOuts,
        header_opt_outs: now.optOuts.header,
        session_opt_outs: now.optOuts.session,
        opt_out_rate_per_second: perSecond(optOuts),
        opt_outs_last_60s: now.recentOptOuts.total(nowMs),
        unique_sessions_opted_out: now.sessions.optedOut,
        opt_out_ratio: ratio(optOuts, now.requests),
      },
      probability_check_metrics: {
        total_probability_checks: now.checks,
        unique_sessions_checked: now.sessions.checked,
        observed_probability: ratio(now.won, now.checks),
      },
    }
  }

  #mark(mark: SessionMark, session: SessionState): void {
    if (session.mark(mark, this.#epoch)) this.#now.sessions[mark] += 1
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
