/** The right to be answered by a window's model: taken when an exchange opens, completed when it closes. */
export interface WindowPlace {
  /** Once; later calls do nothing. */
  closed(): void
  /** The model failed before output: the window ends. */
  failed(): void
}

export interface WindowListener {
  /** It hands out no more places; told once. */
  over(): void
  /** A turn of it has closed. */
  turnClosed(): void
  /** All that it handed out has closed, after it was over; `turns` of them. Told once. */
  ended(turns: number): void
}

/** A session's turns that another model answers, at most `turnCount` of them (`spec/replacement.md`). */
export class Window {
  readonly turnCount: number
  readonly #listener: WindowListener
  #taken = 0
  #closed = 0
  #isOver = false

  constructor(turnCount: number, listener: WindowListener) {
    this.turnCount = turnCount
    this.#listener = listener
  }

  /** Null when all are taken, or it is over. */
  take(): WindowPlace | null {
    if (this.#isOver || this.#taken >= this.turnCount) return null
    this.#taken += 1
    let isOpen = true
    return {
      closed: () => {
        if (!isOpen) return
        isOpen = false
        this.#placeClosed()
      },
      failed: () => this.end(),
    }
  }

  get hasPlace(): boolean {
    return !this.#isOver && this.#taken < this.turnCount
  }

  /** Hands out no more places; what was handed out still closes. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.over()
    this.#tellEnd()
  }

  #placeClosed(): void {
    this.#closed += 1
    this.#listener.turnClosed()
    if (this.#isOver) this.#tellEnd()
    else if (this.#closed === this.turnCount) this.end()
  }

  #tellEnd(): void {
    if (this.#closed === this.#taken) this.#listener.ended(this.#closed)
  }
}
