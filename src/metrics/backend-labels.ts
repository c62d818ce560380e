import { labelText } from './label-text.ts'
import { none } from './places.ts'

/** Far more than a configuration has; reloads may bring others. */
const mostKept = 1_000

/** Names of backends as labels. They are the configuration's, so that each has one. */
export class BackendLabels {
  readonly #labels = new Map<string, string>()

  of(name: string | null): string {
    if (name === null) return none
    const known = this.#labels.get(name)
    if (known !== undefined) return known
    const label = labelText(name)
    if (this.#labels.size < mostKept) this.#labels.set(name, label)
    return label
  }
}
