import type { Circuit, CircuitState } from './circuit.ts'
import type { SteadyTime } from './steady-time.ts'

/** A change of a circuit's state, and what was known of the failures when it changed. */
export interface CircuitTurn {
  atMs: number
  state: CircuitState
  reason: string | null
}

const kept = 10

/** The last changes of one circuit's state, for people who ask what it did while they did not look. */
export class CircuitHistory {
  #state: CircuitState = 'closed'
  /** The newest last. */
  #turns: readonly CircuitTurn[] = []

  /** To be told whenever it may have changed, which is with each attempt: one that stays closed costs nothing. */
  note(circuit: Pick<Circuit, 'isClosed' | 'view'>, time: Pick<SteadyTime, 'nowMs'>): void {
    if (circuit.isClosed && this.#state === 'closed') return
    const { state, reason } = circuit.view
    if (state === this.#state) return
    this.#state = state
    this.#turns = [...this.#turns, { atMs: time.nowMs(), state, reason }].slice(-kept)
  }

  /** The newest first, on the clock that people read. */
  turns(time: Pick<SteadyTime, 'onSystemsClock'>): CircuitTurn[] {
    return this.#turns.map((turn) => ({ ...turn, atMs: time.onSystemsClock(turn.atMs) })).reverse()
  }
}
