import { hash } from 'node:crypto'
import type { ByteReader, ByteWriter } from './varints.ts'

/** 2^17 registers: a standard error of 1.04 / √131072 = 0.29 %. */
const registerBits = 17
const registerCount = 1 << registerBits
/** 2^-rank */
const powers = Float64Array.from({ length: 34 }, (_, rank) => 2 ** -rank)
/** Above it a table of all registers is smaller than a map of those that are set. */
const mostSparse = 16_384

/**
 * The registers of HyperLogLog (Flajolet et al., 2007, with the linear counting of small sets); only those that are set
 * while they are few. Own code, for no package of npm that is kept has it without half a megabyte of others.
 */
export class Registers {
  #sparse: Map<number, number> | null = new Map()
  #dense: Uint8Array | null = null

  add(name: string): void {
    const digest = hash('sha1', name, 'buffer')
    this.#raise(digest.readUInt32BE(0) >>> (32 - registerBits), Math.clz32(digest.readUInt32BE(4)) + 1)
  }

  merge(other: Registers): void {
    other.#each((index, rank) => this.#raise(index, rank))
  }

  estimate(): number {
    let sum = 0
    let zeros = registerCount
    this.#each((_, rank) => {
      sum += powers[rank] ?? 0
      zeros--
    })
    const alpha = 0.7213 / (1 + 1.079 / registerCount)
    const raw = (alpha * registerCount ** 2) / (sum + zeros)
    const isSmall = raw <= 2.5 * registerCount && zeros > 0
    return Math.round(isSmall ? registerCount * Math.log(registerCount / zeros) : raw)
  }

  write(to: ByteWriter): void {
    if (this.#dense) {
      to.whole(registerCount)
      to.bytes(this.#dense)
      return
    }
    const set = [...(this.#sparse ?? [])].sort(([a], [b]) => a - b)
    to.whole(set.length)
    let before = 0
    for (const [index, rank] of set) {
      to.whole(index - before)
      to.whole(rank)
      before = index
    }
  }

  /** Adds what `write` wrote. */
  mergeWritten(from: ByteReader): void {
    const count = from.whole()
    if (count === registerCount) {
      eachIn(from.bytes(registerCount), (index, rank) => this.#raise(index, rank))
      return
    }
    let index = 0
    for (let left = count; left > 0; left--) {
      index += from.whole()
      this.#raise(index, from.whole())
    }
  }

  #raise(index: number, rank: number): void {
    const dense = this.#dense
    if (dense) {
      if (rank > (dense[index] ?? 0)) dense[index] = rank
      return
    }
    const sparse = this.#sparse ?? new Map<number, number>()
    if (rank <= (sparse.get(index) ?? 0)) return
    sparse.set(index, rank)
    if (sparse.size > mostSparse) this.#spread(sparse)
  }

  #spread(sparse: ReadonlyMap<number, number>): void {
    this.#dense = new Uint8Array(registerCount)
    for (const [index, rank] of sparse) this.#dense[index] = rank
    this.#sparse = null
  }

  #each(visit: (index: number, rank: number) => void): void {
    if (this.#dense) eachIn(this.#dense, visit)
    else for (const [index, rank] of this.#sparse ?? []) visit(index, rank)
  }
}

/** Of all registers those that are set. */
function eachIn(registers: Uint8Array, visit: (index: number, rank: number) => void): void {
  for (let index = 0; index < registers.length; index++) {
    const rank = registers[index] ?? 0
    if (rank > 0) visit(index, rank)
  }
}
