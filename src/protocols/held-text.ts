const piecesPerJoin = 1024

/** Text that arrives in pieces. Joining in two steps keeps it linear and small even for pieces of one character. */
export class HeldText {
  #length = 0
  #joined: string[] = []
  #pieces: string[] = []

  get length(): number {
    return this.#length
  }

  add(piece: string): void {
    this.#length += piece.length
    if (this.#pieces.push(piece) < piecesPerJoin) return
    this.#joined.push(this.#pieces.join(''))
    this.#pieces = []
  }

  /** All of it; nothing is held afterwards. */
  take(): string {
    const [first] = this.#pieces
    const text =
      this.#joined.length === 0 && this.#pieces.length === 1 && first !== undefined
        ? first
        : this.#joined.join('') + this.#pieces.join('')
    this.clear()
    return text
  }

  clear(): void {
    this.#length = 0
    this.#joined = []
    this.#pieces = []
  }
}
