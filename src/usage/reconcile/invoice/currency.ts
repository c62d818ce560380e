/** Beside the dollar: of what `readNumber` takes for decoration. */
const foreign = /(?!\$)\p{Sc}|\b(?:EUR|GBP)\b/iu

/** Learns, while costs pass, whether they are in another currency than the ledger's. */
export class CurrencyMarks {
  #seen: string | null = null

  /** `columns`: those that hold costs; their names may tell it too. */
  constructor(columns: readonly string[]) {
    const named = columns.find((column) => foreign.test(column))
    if (named !== undefined) this.#seen = `the costs are in the column ${JSON.stringify(named)}`
  }

  read(text: string, line: number, column: string): void {
    if (this.#seen === null && foreign.test(text)) {
      this.#seen = `line ${line}: ${column} is ${JSON.stringify(text.trim().slice(0, 40))}`
    }
  }

  /** For people; null: nothing says so. */
  get note(): string | null {
    return this.#seen && `${this.#seen}; the ledger has US dollars, and nothing is converted`
  }
}
