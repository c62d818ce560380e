import { labelText } from './label-text.ts'

const mostPlaces = 200
/** Whoever found no place, and whatever must not have a series of its own. */
export const other = 'other'
/** There is none: no attempt was made, or nobody has an access key. */
export const none = 'none'

/**
 * Names that come from outside, as values of a label. The first 200 that were answered have a place for as long as the
 * process runs; all others are `other`, so that who invents names cannot fill a monitoring system.
 */
export class Places {
  readonly #labels = new Map<string, string>()
  readonly #onRefused: () => void

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused
  }

  /** Of an exchange that was answered: takes a place where there is one. */
  place(name: string | null): void {
    if (name === null || this.#labels.has(name)) return
    if (this.#labels.size < mostPlaces) this.#labels.set(name, labelText(name))
    else this.#onRefused()
  }

  of(name: string | null): string {
    return name === null ? none : (this.#labels.get(name) ?? other)
  }
}
