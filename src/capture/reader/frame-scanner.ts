import { type DecodedRecord, decodeRecordAt } from '../format/decode-record.ts'
import { checksumHolds, headBytes, label, maxPayloadBytes, payloadLength, sync } from '../format/frame.ts'
import { BodyFrames } from './body-frame.ts'
import type { ByteWindow } from './byte-window.ts'
import type { FoundDamage, FoundFrame, Scanner } from './scanned.ts'

/** What stands at a place: a frame of so many bytes, nothing of ours, or what ends before one can tell. */
type Standing = number | 'nothing' | 'cut'

/**
 * Checksums of what turns out to be no frame: a file made to be slow gets so many bytes of them for each of
 * its own.
 */
const wastedPerByte = 16
const wastedAtLeast = 4 * maxPayloadBytes

const syncBytes = Buffer.from(sync)

/**
 * Finds frames by the rules of reference §3.5: after damage the next sync pattern with a checksum that holds. Never
 * throws, whatever the bytes are; what overlaps no damage is found.
 */
export class FrameScanner implements Scanner {
  readonly version = 3
  found = 0
  readonly #window: ByteWindow
  readonly #bodies = new BodyFrames()
  #afterLabel = false
  /** In the file; null outside of damage. */
  #damageFrom: number | null
  #damageWhy: string
  #isTorn = false
  #wastedBytes = 0

  /** `damageFrom`: before the window nothing could be read from there on. */
  constructor(window: ByteWindow, damageFrom: number | null = null) {
    this.#window = window
    this.#damageFrom = damageFrom
    this.#damageWhy = 'no frame begins here'
  }

  next(): FoundFrame | FoundDamage | null {
    if (this.#damageFrom !== null) return this.#seek(this.#damageFrom)
    const window = this.#window
    let labelled = this.#labelAt(window.start)
    while (typeof labelled === 'number') {
      window.start += labelled
      this.#afterLabel = true
      labelled = this.#labelAt(window.start)
    }
    if (window.start === window.end) return this.#wait(1)
    const standing = labelled === 'cut' ? 'cut' : this.#standingAt(window.start)
    if (typeof standing === 'number') return this.#frame(standing)
    if (standing === 'cut' && !window.ended) return null
    return this.#seek(this.#beginDamage(standing === 'cut'))
  }

  #beginDamage(isTorn: boolean): number {
    const { offset } = this.#window
    this.#damageFrom = offset
    this.#isTorn = isTorn
    this.#damageWhy = isTorn ? 'a frame begins here and its end is not there' : this.#whyNothing()
    this.#window.start++
    return offset
  }

  #frame(length: number): FoundFrame | FoundDamage {
    const { buffer, start, offset } = this.#window
    const [from, to] = [start + headBytes, start + length]
    const record: DecodedRecord | null =
      this.#bodies.read(buffer, from, to) ?? decodeRecordAt(buffer, from, to)
    const afterLabel = this.#afterLabel
    const entry = this.found++
    this.#afterLabel = false
    this.#window.start = to
    if (record) return { kind: 'frame', entry, offset, bytes: length, record, afterLabel }
    return {
      kind: 'damage',
      offset,
      bytes: length,
      isTorn: false,
      why: 'a frame whose record makes no sense',
    }
  }

  /** From the damage on to the next whole frame. */
  #seek(damageFrom: number): FoundDamage | null {
    const window = this.#window
    for (;;) {
      const at = window.buffer.subarray(0, window.end).indexOf(syncBytes, window.start)
      if (at < 0) break
      const standing = this.#standingAt(at)
      if (typeof standing === 'number') {
        this.#isTorn = false
        return this.#damage(damageFrom, this.#labelBefore(at, damageFrom))
      }
      if (standing === 'cut' && !window.ended) return this.#waitFrom(at)
      window.start = at + 1
    }
    if (window.ended) return this.#damage(damageFrom, window.end)
    // The beginning of a frame may stand at the end, and a label before it.
    window.start = Math.max(window.start, window.end - label.length - sync.length + 1)
    return this.#wait(window.end - window.start + 1)
  }

  /** Of a frame that begins at `at` more is needed; the label before it is kept. */
  #waitFrom(at: number): null {
    const window = this.#window
    const kept = Math.max(window.start, at - label.length)
    window.wanted += at - kept
    window.start = kept
    return null
  }

  #damage(from: number, end: number): FoundDamage {
    const isTorn = this.#isTorn
    this.#damageFrom = null
    this.#isTorn = false
    this.#afterLabel = false
    this.#window.start = end
    const bytes = this.#window.base + end - from
    return { kind: 'damage', offset: from, bytes, isTorn, why: this.#damageWhy }
  }

  /** Where a label before `at` begins, `at` where there is none behind the beginning of the damage. */
  #labelBefore(at: number, damageFrom: number): number {
    const { buffer, base } = this.#window
    const from = at - label.length
    if (from < 0 || base + from <= damageFrom) return at
    return buffer.compare(label, 0, label.length, from, at) === 0 ? from : at
  }

  #labelAt(at: number): Standing {
    const { buffer, end } = this.#window
    if (at < end && buffer[at] !== label[0]) return 'nothing'
    const there = Math.min(label.length, end - at)
    if (buffer.compare(label, 0, there, at, at + there) !== 0) return 'nothing'
    if (there === label.length) return there
    this.#wait(label.length)
    return 'cut'
  }

  #standingAt(at: number): Standing {
    const { buffer, end } = this.#window
    const there = end - at
    if (there < headBytes) {
      const same = Math.min(there, sync.length)
      if (buffer.compare(sync, 0, same, at, at + same) !== 0) return 'nothing'
      this.#wait(headBytes)
      return 'cut'
    }
    const length = payloadLength(buffer, at)
    if (length === null) return 'nothing'
    if (there < headBytes + length) {
      this.#wait(headBytes + length)
      return 'cut'
    }
    return this.#checks(at, length) ? headBytes + length : 'nothing'
  }

  #checks(at: number, length: number): boolean {
    const window = this.#window
    const allowed = wastedAtLeast + wastedPerByte * (window.base + at)
    if (this.#wastedBytes + length > allowed) return false
    if (checksumHolds(window.buffer, at, length)) return true
    this.#wastedBytes += length
    return false
  }

  #whyNothing(): string {
    const { buffer, start, end } = this.#window
    const isHead = end - start >= headBytes && payloadLength(buffer, start) !== null
    return isHead ? 'a frame whose checksum does not hold' : 'no frame begins here'
  }

  #wait(bytes: number): null {
    this.#window.wanted = bytes
    return null
  }
}
