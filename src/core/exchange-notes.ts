import type { Exchange } from './exchange.ts'

const notes = Symbol('what monitors keep of an exchange')

type Noted = Exchange & { [notes]?: unknown[] }

let places = 0

/**
 * What one part keeps of each exchange while it is open. It stands on the exchange itself: a Map by id would have to be
 * asked for each event of each stream, and what fills and empties one all the time is rebuilt again and again.
 */
export class ExchangeNotes<Note> {
  readonly #place = places++

  get(exchange: Exchange): Note | undefined {
    return (exchange as Noted)[notes]?.[this.#place] as Note | undefined
  }

  set(exchange: Exchange, note: Note): void {
    const noted = exchange as Noted
    noted[notes] ??= []
    noted[notes][this.#place] = note
  }

  /** An exchange may be kept for long after it has closed. */
  delete(exchange: Exchange): void {
    const all = (exchange as Noted)[notes]
    if (all !== undefined) all[this.#place] = undefined
  }
}
