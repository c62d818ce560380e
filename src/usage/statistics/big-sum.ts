/** Above it a number would begin to lose nano-dollars. */
const carryAt = 2 ** 52

/** A sum of whole numbers that never loses one: money is added up as BigInt, but not for each record. */
export class BigSum {
  #small = 0
  #carried = 0n

  add(value: number): void {
    this.#small += value
    if (Math.abs(this.#small) > carryAt) this.#carry()
  }

  merge(other: BigSum): void {
    this.addWhole(other.value)
  }

  addWhole(value: bigint): void {
    this.#carry()
    this.#carried += value
  }

  get value(): bigint {
    return this.#carried + BigInt(this.#small)
  }

  #carry(): void {
    this.#carried += BigInt(this.#small)
    this.#small = 0
  }
}
