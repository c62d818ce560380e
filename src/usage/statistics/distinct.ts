import { Registers } from './registers.ts'
import type { ByteReader, ByteWriter } from './varints.ts'

/** Up to so many names the number of different ones is exact. */
export const exactUpTo = 100_000

/** Counts different names: exactly while they are few, then as HyperLogLog. */
export class Distinct {
  #exact: Set<string> | null
  #registers: Registers | null = null

  /** `estimated`: no name is kept, from the first. */
  constructor(estimated = false) {
    this.#exact = estimated ? null : new Set()
  }

  get isExact(): boolean {
    return this.#exact !== null
  }

  add(name: string): void {
    if (this.#exact === null) return this.#estimating().add(name)
    this.#exact.add(name)
    if (this.#exact.size > exactUpTo) this.#estimating()
  }

  merge(other: Distinct): void {
    if (other.#exact !== null) for (const name of other.#exact) this.add(name)
    else if (other.#registers) this.#estimating().merge(other.#registers)
  }

  get count(): number {
    return this.#exact === null ? this.#estimating().estimate() : this.#exact.size
  }

  write(to: ByteWriter): void {
    this.#estimating().write(to)
  }

  mergeWritten(from: ByteReader): void {
    this.#estimating().mergeWritten(from)
  }

  #estimating(): Registers {
    this.#registers ??= new Registers()
    for (const name of this.#exact ?? []) this.#registers.add(name)
    this.#exact = null
    return this.#registers
  }
}
