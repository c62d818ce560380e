import { reduce, type TopEvent } from './reducer.ts'
import type { TopState } from './state.ts'

/** The state of now, for keys that come faster than it is drawn. */
export class Store {
  #state: TopState
  readonly #listeners = new Set<() => void>()

  constructor(state: TopState) {
    this.#state = state
  }

  // Properties, as React calls them on their own.
  now = (): TopState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  send = (event: TopEvent): void => {
    const next = reduce(this.#state, event)
    if (next === this.#state) return
    this.#state = next
    for (const listener of this.#listeners) listener()
  }
}
