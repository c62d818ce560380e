/** Nobody asks for that many: what numbers on is no answer, and must not fill the memory. */
const maxChoices = 4096

/** The alternatives of one answer (choices, candidates), and whether each has said why it ended. */
export class Choices {
  readonly #finished = new Map<number, boolean>()
  #unfinished = 0
  #word: string | undefined

  /** The first reason given. */
  get word(): string | undefined {
    return this.#word
  }

  /** At least one has been seen, and every one seen has ended. */
  get allFinished(): boolean {
    return this.#finished.size > 0 && this.#unfinished === 0
  }

  /** A piece of a choice has come, perhaps with its reason for ending. */
  see(index: number, word: string | undefined): void {
    const finished = this.#finished.get(index)
    if (finished === undefined) {
      if (this.#finished.size >= maxChoices) return
      this.#finished.set(index, word !== undefined)
      if (word === undefined) this.#unfinished++
    } else if (!finished && word !== undefined) {
      this.#finished.set(index, true)
      this.#unfinished--
    }
    this.#word ??= word
  }
}
