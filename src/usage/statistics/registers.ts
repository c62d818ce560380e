import { hash } from 'node:crypto'
import type { ByteReader, ByteWriter } from './varints.ts'

/** 2^17 registers: a standard error of 1.04 / √131072 = 0.29 %. */
const registerBits = 17
const registerCount = 1 << registerBits
/** A register's rank is at most 33. */
const rankBits = 6
const rankMask = (1 << rankBits) - 1
const slotBytes = 3
/** With more a table of all registers is smaller than one of those that are set. */
const mostSparse = 16_384

/**
 * The registers of HyperLogLog (Flajolet et al., 2007, with the linear counting of small sets); only those that are set
 * while they are few. Own code, for no package of npm that is kept has it without half a megabyte of others.
 */
export class Registers {
  /** Open addressing: `index << rankBits | rank`, and 0 where a slot is free. */
  #sparse: Uint32Array | null = new Uint32Array(16)
  #set = 0
  #dense: Uint8Array | null = null

  add(name: string): void {
    const digest = hash('sha1', name, 'buffer')
    this.#raise(digest.readUInt32BE(0) >>> (32 - registerBits), Math.clz32(digest.readUInt32BE(4)) + 1)
  }

  merge(other: Registers): void {
    if (other.#dense) this.#mergeDense(other.#dense)
    else
      for (const slot of other.#sparse ?? []) if (slot !== 0) this.#raise(slot >>> rankBits, slot & rankMask)
  }

  estimate(): number {
    let sum = 0
    let zeros = registerCount
    const times = this.#ranks()
    for (let rank = 1; rank < times.length; rank++) {
      sum += (times[rank] as number) * 2 ** -rank
      zeros -= times[rank] as number
    }
    const alpha = 0.7213 / (1 + 1.079 / registerCount)
    const raw = (alpha * registerCount ** 2) / (sum + zeros)
    const isSmall = raw <= 2.5 * registerCount && zeros > 0
    return Math.round(isSmall ? registerCount * Math.log(registerCount / zeros) : raw)
  }

  /** Those that are set, in the order of their numbers, or all where that is shorter. */
  write(to: ByteWriter): void {
    const set = this.#slots()
    if (set.length * slotBytes >= registerCount) {
      this.#spread()
      to.whole(registerCount)
      to.bytes(this.#dense ?? new Uint8Array())
      return
    }
    to.whole(set.length)
    const bytes = new Uint8Array(set.length * slotBytes)
    let at = 0
    for (const slot of set) {
      bytes[at++] = slot
      bytes[at++] = slot >>> 8
      bytes[at++] = slot >>> 16
    }
    to.bytes(bytes)
  }

  /** Adds what `write` wrote. */
  mergeWritten(from: ByteReader): void {
    const count = from.whole()
    if (count === registerCount) return this.#mergeDense(from.bytes(registerCount))
    const bytes = from.bytes(count * slotBytes)
    for (let at = 0; at < bytes.length; at += slotBytes) {
      const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
      const slot = low | ((bytes[at + 2] as number) << 16)
      this.#raise(slot >>> rankBits, slot & rankMask)
    }
  }

  #mergeDense(others: Uint8Array): void {
    this.#spread()
    const dense = this.#dense ?? others
    for (let index = 0; index < registerCount; index++) {
      const rank = others[index] as number
      if (rank > (dense[index] as number)) dense[index] = rank
    }
  }

  #raise(index: number, rank: number): void {
    const dense = this.#dense
    if (dense) {
      if (rank > (dense[index] as number)) dense[index] = rank
      return
    }
    const sparse = this.#sparse as Uint32Array
    const at = slotOf(sparse, index)
    const slot = sparse[at] as number
    if (slot === 0) this.#set++
    else if (rank <= (slot & rankMask)) return
    sparse[at] = (index << rankBits) | rank
    if (this.#set > mostSparse) this.#spread()
    else if (this.#set * 2 > sparse.length) this.#sparse = widened(sparse)
  }

  #spread(): void {
    if (this.#dense) return
    const dense = new Uint8Array(registerCount)
    for (const slot of this.#sparse ?? []) if (slot !== 0) dense[slot >>> rankBits] = slot & rankMask
    this.#dense = dense
    this.#sparse = null
  }

  /** Of the registers that are set. */
  #slots(): Uint32Array {
    const dense = this.#dense
    if (!dense) return (this.#sparse as Uint32Array).filter((slot) => slot !== 0).sort()
    return Uint32Array.from(dense, (rank, index) => (index << rankBits) | rank).filter(
      (slot) => (slot & rankMask) !== 0,
    )
  }

  /** How many registers have each rank. */
  #ranks(): Uint32Array {
    const times = new Uint32Array(rankMask + 1)
    const slots = this.#dense ?? (this.#sparse as Uint32Array)
    for (let at = 0; at < slots.length; at++) {
      const rank = (slots[at] as number) & rankMask
      times[rank] = (times[rank] as number) + 1
    }
    return times
  }
}

/** Where a register's slot is, or would be. Multiplied, for those of a roll-up come in their order. */
function slotOf(sparse: Uint32Array, index: number): number {
  const mask = sparse.length - 1
  let at = (Math.imul(index, 0x9e3779b1) >>> 12) & mask
  for (;;) {
    const slot = sparse[at] as number
    if (slot === 0 || slot >>> rankBits === index) return at
    at = (at + 1) & mask
  }
}

function widened(sparse: Uint32Array): Uint32Array {
  const wider = new Uint32Array(sparse.length * 2)
  for (const slot of sparse) if (slot !== 0) wider[slotOf(wider, slot >>> rankBits)] = slot
  return wider
}
