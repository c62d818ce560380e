import { CaptureError } from '../format/capture-error.ts'
import { label, sync } from '../format/frame.ts'
import type { ByteSource } from './byte-source.ts'
import { ByteWindow } from './byte-window.ts'
import { FrameScanner } from './frame-scanner.ts'
import type { Scanned, Scanner } from './scanned.ts'
import { EntryScanner } from './v2/entry-scanner.ts'
import { entryAt, headerStart } from './v2/signs.ts'

const syncBytes = Buffer.from(sync)
const starts = [label, sync, headerStart].map((bytes) => Buffer.from(bytes))
/** The longest of the signs by which a format is recognised may be cut by the end of a read. */
const keptBytes = 32

/** Reads one source from its beginning on, in pieces of some megabytes; knows by the content which format it is. */
export class Scan {
  readonly #source: ByteSource
  readonly #window = new ByteWindow()
  #scanner: Scanner | null = null
  /** The first bytes are those of a capture, so that it is one even where nothing is whole. */
  #startsWell = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Null while nothing was found that says so. */
  get version(): 2 | 3 | null {
    return this.#scanner?.version ?? null
  }

  /** Whole frames, or entries and headers of V2, so far. */
  get frames(): number {
    return this.#scanner?.found ?? 0
  }

  get bytesRead(): number {
    return this.#window.base + this.#window.end
  }

  /** A stretch of the source, lent until the next read; null where it is not in memory. */
  readonly bytesAt = (offset: number, bytes: number): Buffer | null => this.#window.at(offset, bytes)

  /**
   * What one read brings; null where it brings no bytes. To be gone through before the next call: it is lent
   * until then.
   */
  async more(): Promise<Iterable<Scanned> | null> {
    const bytes = await this.#source.read(this.#window.room())
    this.#window.filled(bytes)
    if (bytes === 0) return null
    // Now and not with the first find: who asks for the version goes by it.
    this.#scanner ??= this.#recognise()
    return this.#found()
  }

  /**
   * What is left when nothing more comes. Throws `not_a_capture` where there was never anything of one.
   */
  end(): Iterable<Scanned> {
    this.#window.ended = true
    this.#scanner ??= this.#recognise()
    const found = [...this.#found()]
    const nothing = this.#scanner === null || (this.#scanner.found === 0 && !this.#startsWell)
    if (nothing) throw this.#notACapture()
    return found
  }

  *#found(): Generator<Scanned> {
    for (let next = this.#scanner?.next(); next; next = this.#scanner?.next()) yield next
  }

  #recognise(): Scanner | null {
    const window = this.#window
    const bytes = window.buffer.subarray(window.start, window.end)
    if (window.offset === 0) {
      const start = starts.find((sign) => beginsAs(bytes, sign))
      if (start && bytes.length < keptBytes && !window.ended) return this.#wait()
      this.#startsWell = start !== undefined
      if (start) return start.equals(headerStart) ? new EntryScanner(window) : new FrameScanner(window)
    }
    const frameAt = bytes.indexOf(syncBytes)
    const found = entryAt(bytes, 0)
    if (frameAt < 0 && found < 0) return this.#skip()
    const isFrame = found < 0 || (frameAt >= 0 && frameAt < found)
    // Where nothing was skipped yet the scanner itself says what is wrong at the beginning.
    const damageFrom = window.offset === 0 ? null : 0
    return isFrame ? new FrameScanner(window, damageFrom) : new EntryScanner(window, damageFrom)
  }

  #wait(): null {
    this.#window.wanted = keptBytes
    return null
  }

  #skip(): null {
    const window = this.#window
    window.start = Math.max(window.start, window.end - keptBytes)
    return this.#wait()
  }

  #notACapture(): CaptureError {
    const bytes = this.bytesRead.toLocaleString('en')
    const why = this.bytesRead === 0 ? 'it is empty' : `nothing in its ${bytes} bytes is a frame of one`
    return new CaptureError('not_a_capture', `no llmproxy capture: ${this.#source.name} (${why})`)
  }
}

/** As far as there are bytes; at least one. */
function beginsAs(bytes: Buffer, sign: Buffer): boolean {
  const length = Math.min(bytes.length, sign.length)
  return length > 0 && bytes.compare(sign, 0, length, 0, length) === 0
}
