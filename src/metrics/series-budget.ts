/** How many series a group of metrics may have; what it refuses is told, each time. */
export class SeriesBudget {
  #left: number
  readonly #reserve: number
  readonly #onRefused: () => void

  /** `reserve`: of them, for sums of what was refused. */
  constructor(series: number, reserve: number, onRefused: () => void) {
    this.#left = series
    this.#reserve = reserve
    this.#onRefused = onRefused
  }

  take(series: number, mayUseReserve: boolean): boolean {
    if (this.#left - series < (mayUseReserve ? 0 : this.#reserve)) {
      if (!mayUseReserve) this.#onRefused()
      return false
    }
    this.#left -= series
    return true
  }
}
