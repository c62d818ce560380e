/** Nobody asks for that many: what numbers on is no answer, and must not fill the memory. */
const maxChoices = 4096

/** The alternatives of one answer (choices, candidates), and the reason that each gave for its end. */
export class Choices {
  readonly #words = new Map<number, string | undefined>()
  #unfinished = 0
  #word: string | undefined

  /** The first reason given. */
  get word(): string | undefined {
    return this.#word
  }

  /** At least one has been seen, and every one seen has ended. */
  get allFinished(): boolean {
    return this.#words.size > 0 && this.#unfinished === 0
  }

  /** The alternatives beside the first, with their reasons, '' for none. */
  get others(): [choice: number, word: string][] {
    if (this.#words.size < 2) return []
    return [...this.#words].flatMap(([index, word]) => (index === 0 ? [] : [[index, word ?? '']]))
  }

  /** A piece of a choice has come, perhaps with its reason for ending. */
  see(index: number, word: string | undefined): void {
    const known = this.#words.get(index)
    if (known === undefined) {
      const isNew = !this.#words.has(index)
      if (isNew && this.#words.size >= maxChoices) return
      this.#words.set(index, word)
      if (isNew && word === undefined) this.#unfinished++
      if (!isNew && word !== undefined) this.#unfinished--
    }
    this.#word ??= word
  }
}
