import type { TokenCounts } from '../ports.ts'

/** So much text is counted at once while an answer streams. */
const pieceLength = 2_000

/** Counts a text that comes bit by bit, in pieces. */
export class PieceCount {
  readonly #counts: TokenCounts
  #rest = ''
  #bytesUncounted = 0
  /** Sent to be counted, and not back yet. */
  #waiting = 0
  #waitingBytes = 0
  #onSettled: (() => void) | null = null
  /** Of what was counted, in tokens of our tokenizer. */
  tokens = 0
  /** Of what was sent to be counted. */
  #bytes = 0
  #units = 0

  constructor(counts: TokenCounts) {
    this.#counts = counts
  }

  add(text: string): void {
    this.#rest += text
    if (this.#rest.length < pieceLength) return
    // No token reaches over the space before a word.
    const space = this.#rest.lastIndexOf(' ')
    const end = space > 0 ? space : this.#rest.length
    this.#send(this.#rest.slice(0, end))
    this.#rest = this.#rest.slice(end)
  }

  /** Sends what is left to be counted, and calls back when all is. */
  settle(done: () => void): void {
    this.#send(this.#rest)
    this.#rest = ''
    if (this.#waiting === 0) done()
    else this.#onSettled = done
  }

  /** What waits still, or could not be counted. */
  get uncountedBytes(): number {
    return this.#waitingBytes + this.#bytesUncounted + Buffer.byteLength(this.#rest)
  }

  /** Bytes beyond one for each UTF-16 unit, by unit. */
  get foreignShare(): number {
    return this.#units === 0 ? 0 : (this.#bytes - this.#units) / this.#units
  }

  #send(text: string): void {
    if (text === '') return
    const bytes = Buffer.byteLength(text)
    this.#bytes += bytes
    this.#units += text.length
    this.#waiting++
    this.#waitingBytes += bytes
    void this.#counts.texts([text]).then((counts) => {
      this.#waiting--
      this.#waitingBytes -= bytes
      if (counts === null) this.#bytesUncounted += bytes
      else this.tokens += counts[0] ?? 0
      if (this.#waiting === 0) this.#onSettled?.()
    })
  }
}
