import type { Redactor } from '../../../core/secrets/redactor.ts'
import { cutsForRedaction, doubtfulStart, isSureOfItsEnd } from './held-tail.ts'

/** A chunk, or a further piece of it, that may be written. */
export interface CleanBody {
  n: number
  t: number
  bytes: Uint8Array
  more: boolean
  omitted: number
  enc: string | null
}

interface Waiting {
  n: number
  t: number
  /** Pieces that the redactor still has. */
  undecided: number[]
  clean: Uint8Array[]
  omitted: number
  /** A part of it was given already. */
  begun: boolean
}

/**
 * One leg's bytes on their way to the file: redacted across its chunks. A chunk of which only the end is in doubt is
 * given without it when its batch ends, and that end later, so that a process that dies takes no more with it.
 */
export class LegStream {
  readonly #newRedactor: () => Redactor
  readonly #give: (body: CleanBody) => void
  #redactor: Redactor
  readonly #waiting: Waiting[] = []
  #expected = 0
  /** Bytes before it are lost: what comes may begin with the end of a secret. */
  #isDoubtful = false

  constructor(newRedactor: () => Redactor, give: (body: CleanBody) => void) {
    this.#newRedactor = newRedactor
    this.#redactor = newRedactor()
    this.#give = give
  }

  push(n: number, t: number, bytes: Uint8Array): void {
    if (n !== this.#expected) this.cut()
    this.#expected = n + 1
    if (this.#waiting.length === 0 && !this.#isDoubtful && isSureOfItsEnd(bytes)) {
      // Nearly every chunk of a stream of events, without what others need.
      const [clean] = this.#redactor.push(bytes)
      if (clean) return this.#give({ n, t, bytes: clean, more: false, omitted: 0, enc: null })
      this.#waiting.push({ n, t, omitted: 0, undecided: [bytes.length], clean: [], begun: false })
      return
    }
    const omitted = this.#isDoubtful ? doubtfulStart(bytes) : 0
    const known = bytes.subarray(omitted)
    if (known.length > 0) this.#isDoubtful = false
    const chunk: Waiting = { ...{ n, t, omitted }, undecided: [], clean: [], begun: false }
    this.#waiting.push(chunk)
    let at = 0
    for (const cut of cutsForRedaction(known)) {
      const piece = known.subarray(at, cut)
      chunk.undecided.push(piece.length)
      this.#decided(this.#redactor.push(piece))
      at = cut
    }
    this.#giveWhole()
  }

  /** A chunk that could not be decoded: so many bytes are left out. */
  omit(n: number, t: number, omitted: number, enc: string): void {
    if (n !== this.#expected) this.cut()
    this.#expected = n + 1
    this.end()
    this.#isDoubtful = true
    this.#give({ n, t, omitted, enc, bytes: new Uint8Array(0), more: false })
  }

  /** The batch is over: gives what is decided. */
  settle(): void {
    const [first] = this.#waiting
    if (first && (first.clean.length > 0 || first.omitted > 0)) this.#giveBegun(first)
  }

  /** The leg has ended: gives everything. */
  end(): void {
    this.#decided(this.#redactor.end())
    this.#giveWhole()
  }

  /** What follows is not seen: what was in doubt cannot be decided any more and is left out. */
  cut(): void {
    for (const chunk of this.#waiting.splice(0)) {
      for (const length of chunk.undecided.splice(0)) chunk.omitted += length
      this.#giveBegun(chunk)
    }
    this.#redactor = this.#newRedactor()
    this.#isDoubtful = true
  }

  #decided(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      const chunk = this.#waiting.find(({ undecided }) => undecided.length > 0)
      chunk?.undecided.shift()
      chunk?.clean.push(piece)
    }
  }

  #giveWhole(): void {
    while (this.#waiting[0]?.undecided.length === 0) this.#giveBegun(this.#waiting.shift() as Waiting)
  }

  #giveBegun(chunk: Waiting): void {
    const { n, t, omitted, begun: more } = chunk
    const bytes = chunk.clean.length === 1 ? (chunk.clean[0] as Uint8Array) : Buffer.concat(chunk.clean)
    this.#give({ n, t, bytes, omitted, more, enc: null })
    chunk.clean = []
    chunk.omitted = 0
    chunk.begun = true
  }
}
