import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'
import type { ReplacementDecision } from '../core/exchange.ts'
import { Counters, type CountersSummary } from './metrics/counters.ts'
import { OptOuts, type OptOutsParts } from './opt-outs.ts'
import { type Roll, rollsOf } from './rolls.ts'
import { type Asked, changesNothing, type Place, type Rule } from './rule.ts'
import { type RuleTurns, SessionState } from './session-state.ts'
import { Window, type WindowPlace } from './window.ts'

export interface ReplacementSettings {
  enabled: boolean
  probability: number
  turnCount: number
  /** The first that matches counts. */
  rules: readonly Rule[]
  allowFirstTurn: boolean
  /** Makes the rolls reproducible; null: chance. */
  seed: number | null
}

/** One request of a conversation, as the decision needs it. */
export interface ReplaceableRequest {
  session: {
    id: string
    /** Tells sessions of the same id with different credentials apart. */
    key: string
    /** From 1. */
    turn: number
  }
  user: string | null
  /** `X-Disable-Replacement: true` */
  isOptedOut: boolean
  asked: Asked
}

/** What is to become of a request; `place` where another model is to answer it. */
export interface Verdict {
  rule: string
  decision: ReplacementDecision
  replaced: { to: Place; place: WindowPlace } | null
}

export type ReplacementEvent =
  | { type: 'activated'; session_id: string; rule: string; target: string; turn_count: number }
  | { type: 'ended'; session_id: string; rule: string; target: string; turns: number }

export interface ReplacementParts {
  settings: ReplacementSettings
  clock: Pick<Clock, 'nowMs'>
  onEvent?: (event: ReplacementEvent) => void
  onOptOut?: OptOutsParts['onChange']
  /** How many sessions, and how many opt-outs, are remembered. */
  maxSessions?: number
  /** Instead of chance or the seed. */
  roll?: Roll
}

/** Random model replacement: decides, and counts what it decided (`spec/replacement.md`). */
export class Replacement {
  readonly optOuts: OptOuts
  readonly #parts: ReplacementParts
  readonly #counters: Counters
  readonly #sessions: LRUCache<string, SessionState>
  #settings: ReplacementSettings
  #roll: Roll

  constructor(parts: ReplacementParts) {
    const { settings, clock, maxSessions = 10_000 } = parts
    this.#parts = parts
    this.#settings = settings
    this.#roll = parts.roll ?? rollsOf(settings.seed)
    this.#counters = new Counters(() => clock.nowMs())
    this.#sessions = new LRUCache({ max: maxSessions })
    this.optOuts = new OptOuts({
      ...{ max: maxSessions, nowMs: () => clock.nowMs() },
      ...(parts.onOptOut && { onChange: parts.onOptOut }),
    })
  }

  get settings(): ReplacementSettings {
    return this.#settings
  }

  /** A reload: windows of rules that are still there go on. */
  configure(settings: ReplacementSettings): void {
    if (settings.seed !== this.#settings.seed) this.#roll = this.#parts.roll ?? rollsOf(settings.seed)
    this.#settings = settings
  }

  counters(): CountersSummary {
    return this.#counters.summary()
  }

  resetCounters(): void {
    this.#counters.reset()
  }

  /**
   * Decides in the order of the spec; null where no rule has a say in it. `isUsable` is asked only when the target would
   * answer, and a place that comes with the verdict must be closed.
   */
  decide(request: ReplaceableRequest, isUsable: (to: Place) => boolean): Verdict | null {
    if (!this.#settings.enabled) return null
    this.#counters.request()
    const session = this.#sessionOf(request)
    const rule = this.#settings.rules.find(({ matches }) => matches(request.asked)) ?? null
    const concerns = rule !== null && !changesNothing(rule, request.asked) ? rule : null
    const isOptedOut = this.#countOptOut(request, session)
    if (concerns === null) return null
    const turns = session.of(concerns.text)
    const isFirst = turns.isFirst
    turns.isFirst = false
    if (isOptedOut) return asAsked(concerns, 'opted_out', turns)
    if (isFirst && !this.#settings.allowFirstTurn) return asAsked(concerns, 'first_turn', turns)
    if (turns.coolsDown) {
      turns.coolsDown = false
      return asAsked(concerns, 'cool_down', turns)
    }
    return turns.window === null
      ? this.#rollFor(concerns, turns, session, request, isUsable)
      : goOn(concerns, turns.window, isUsable)
  }

  #sessionOf({ session }: ReplaceableRequest): SessionState {
    let state = this.#sessions.get(session.key)
    if (state === undefined) {
      state = new SessionState(session.turn > 1)
      this.#sessions.set(session.key, state)
    }
    return state
  }

  #countOptOut({ session, user, isOptedOut }: ReplaceableRequest, state: SessionState): boolean {
    if (this.optOuts.has(session.id, user)) {
      this.#counters.optedOut('session', state)
      state.endWindows()
      return true
    }
    if (isOptedOut) this.#counters.optedOut('header', state)
    return isOptedOut
  }

  #rollFor(
    rule: Rule,
    turns: RuleTurns,
    session: SessionState,
    request: ReplaceableRequest,
    isUsable: (to: Place) => boolean,
  ): Verdict {
    const isWon = this.#roll() < this.#settings.probability
    this.#counters.rolled(isWon, session)
    if (!isWon) return asAsked(rule, 'lost_roll', turns)
    if (!isUsable(rule.to)) return asAsked(rule, 'target_unusable', turns)
    const window = this.#open(rule, turns, session, request.session.id)
    const place = window.take()
    if (place === null) throw new Error('a new window has no place')
    return { rule: rule.text, decision: 'replaced', replaced: { to: rule.to, place } }
  }

  #open(rule: Rule, turns: RuleTurns, session: SessionState, sessionId: string): Window {
    const { turnCount } = this.#settings
    const target = `${rule.to.backend}:${rule.to.model}`
    const about = { session_id: sessionId, rule: rule.text, target }
    const window = new Window(turnCount, {
      over: () => {
        turns.window = null
        turns.coolsDown = true
      },
      turnClosed: () => this.#counters.turnClosed(session),
      ended: (count) => {
        this.#counters.windowEnded(count)
        this.#parts.onEvent?.({ type: 'ended', ...about, turns: count })
      },
    })
    turns.window = window
    this.#counters.activated(rule.text, target, turns.requestsSinceWindow, session)
    turns.requestsSinceWindow = 0
    this.#parts.onEvent?.({ type: 'activated', ...about, turn_count: turnCount })
    return window
  }
}

function goOn(rule: Rule, window: Window, isUsable: (to: Place) => boolean): Verdict {
  const asked = (decision: ReplacementDecision): Verdict => ({ rule: rule.text, decision, replaced: null })
  if (!window.hasPlace) return asked('no_place')
  if (!isUsable(rule.to)) {
    window.end()
    return asked('target_unusable')
  }
  const place = window.take()
  return place === null
    ? asked('no_place')
    : { rule: rule.text, decision: 'replaced', replaced: { to: rule.to, place } }
}

function asAsked(rule: Rule, decision: ReplacementDecision, turns: RuleTurns): Verdict {
  turns.requestsSinceWindow += 1
  return { rule: rule.text, decision, replaced: null }
}
