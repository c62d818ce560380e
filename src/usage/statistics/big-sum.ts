import type { ByteReader, ByteWriter } from './varints.ts'

/** Above it a number would begin to lose nano-dollars. */
const carryAt = 2 ** 52
const wide = BigInt(carryAt)

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

  write(to: ByteWriter): void {
    const { value } = this
    to.number(Number(value / wide))
    to.number(Number(value % wide))
  }

  /** Adds what `write` wrote. */
  mergeWritten(from: ByteReader): void {
    const high = from.number()
    const low = from.number()
    if (high === 0) this.add(low)
    else this.addWhole(BigInt(high) * wide + BigInt(low))
  }

  #carry(): void {
    this.#carried += BigInt(this.#small)
    this.#small = 0
  }
}
