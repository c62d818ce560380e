import { decodeCbor } from '../../format/cbor-decode.ts'
import type { ByteWindow } from '../byte-window.ts'
import type { FoundDamage, FoundEntry, Scanner } from '../scanned.ts'
import { readEntry, type V2Entry, type V2Header } from './entry.ts'
import { entryAt } from './signs.ts'

/** Larger entries are damage: a length whose bits were flipped. */
const maxEntryBytes = 65 * 1024 * 1024
/** Of what an entry is recognised by. */
const signBytes = 5
/** The longest sign of an entry or a header, less a byte. */
const keptBytes = 16

/**
 * Finds the items of the original's files: CBOR maps one after another, with nothing between them that says where one
 * begins. After damage, by how entries begin (reference §3.1, rules 1, 2 and 7). Never throws.
 */
export class EntryScanner implements Scanner {
  readonly version = 2
  found = 0
  #entries = 0
  readonly #window: ByteWindow
  /** In the file; null outside of damage. */
  #damageFrom: number | null
  #isTorn = false

  /** `damageFrom`: before the window nothing could be read from there on. */
  constructor(window: ByteWindow, damageFrom: number | null = null) {
    this.#window = window
    this.#damageFrom = damageFrom
  }

  next(): FoundEntry | FoundDamage | null {
    const window = this.#window
    if (this.#damageFrom !== null) return this.#seek(this.#damageFrom)
    if (window.start === window.end) return this.#wait(1)
    const found = this.#read(window.start)
    if (found === null) return null
    if (found !== 'cut' && found !== 'nothing') {
      window.start += found.bytes
      return found
    }
    this.#isTorn = found === 'cut'
    this.#damageFrom = window.offset
    window.start++
    return this.#seek(this.#damageFrom)
  }

  /** `cut`: it would go on behind the end of the file. Null: more of the file is needed. */
  #read(at: number): FoundEntry | 'cut' | 'nothing' | null {
    const { buffer, end, base, ended } = this.#window
    const initial = buffer[at] ?? 0
    // A map of a few fields; anything else would be decoded in vain.
    if (initial < 0xa0 || initial > 0xb7) return 'nothing'
    const item = decodeCbor(buffer, at, end)
    if (item.fault === 'short' && item.neededEnd - at <= maxEntryBytes) {
      return ended ? 'cut' : this.#wait(item.neededEnd - at)
    }
    if (item.fault !== null) return 'nothing'
    const content = readEntry(item.value)
    const bytes = item.end - at
    if (
      content === null ||
      swallows(buffer.subarray(at, Math.min(end, item.end + signBytes)), bytes, content)
    )
      return 'nothing'
    this.found++
    const entry = content.kind === 'header' ? this.#entries : this.#entries++
    return { kind: 'entry', entry, offset: base + at, bytes, content }
  }

  #seek(damageFrom: number): FoundDamage | null {
    const window = this.#window
    for (;;) {
      const at = entryAt(window.buffer.subarray(0, window.end), window.start)
      if (at < 0) break
      window.start = at
      const found = this.#read(at)
      if (found === null) return null
      if (found !== 'cut' && found !== 'nothing') return this.#damage(damageFrom, found)
      window.start++
    }
    window.start = window.ended ? window.end : Math.max(window.start, window.end - keptBytes)
    return window.ended ? this.#damage(damageFrom, null) : this.#wait(keptBytes + 1)
  }

  /** Up to where the window begins: to what is read again as the next, or to the end. */
  #damage(from: number, next: FoundEntry | null): FoundDamage {
    const isTorn = this.#isTorn && next === null
    this.#isTorn = false
    this.#damageFrom = null
    if (next) this.found--
    if (next?.content.kind === 'entry') this.#entries--
    const why = isTorn ? 'an entry begins here and its end is not there' : 'no entry can be read here'
    return { kind: 'damage', offset: from, bytes: this.#window.offset - from, isTorn, why }
  }

  #wait(bytes: number): null {
    this.#window.wanted = bytes
    return null
  }
}

/**
 * Whether another entry begins in the fields of an item of so many bytes: the length of one was changed, and
 * it reaches too far. Some of what is behind the item stands in `bytes`, for what begins at its end.
 */
function swallows(bytes: Buffer, length: number, content: V2Entry | V2Header): boolean {
  const isWithin = (from: number, end: number) => {
    const found = entryAt(bytes.subarray(0, end), from)
    return found >= 0 && found < length
  }
  if (content.kind === 'header') return isWithin(1, bytes.length)
  // Its data may be anything.
  const dataAt = placeOf(content.stored, bytes)
  return isWithin(1, dataAt) || isWithin(dataAt + content.stored.length, bytes.length)
}

/** Of an item with tags, what was decoded is a copy. */
function placeOf(stored: Uint8Array, bytes: Buffer): number {
  const at = stored.byteOffset - bytes.byteOffset
  const isView = stored.buffer === bytes.buffer && at >= 0 && at <= bytes.length
  return isView ? at : bytes.indexOf(stored, 1)
}
