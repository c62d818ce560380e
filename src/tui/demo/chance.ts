/** The same numbers each time (Lehmer's generator, 2³¹ − 1): a recording that differs from run to run is none. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** Evenly from `least` to below `most`. */
  between(least: number, most: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647
    return least + (this.#state / 2_147_483_647) * (most - least)
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1))
  }

  of<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.whole(0, values.length - 1)] ?? values[0]
  }
}
