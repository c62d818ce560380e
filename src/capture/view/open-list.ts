import type { ExchangeBuilder } from './exchange-builder.ts'

export interface OpenExchange {
  readonly key: string
  readonly exchange: ExchangeBuilder
  before: OpenExchange | null
  after: OpenExchange | null
}

/**
 * Exchanges in the order in which something was heard of them last. A chain beside the map: there is a step for every
 * record, and a map that loses and gets a key with each is slow.
 */
export class OpenList {
  readonly #byKey = new Map<string, OpenExchange>()
  #first: OpenExchange | null = null
  #last: OpenExchange | null = null

  get size(): number {
    return this.#byKey.size
  }

  get(key: string): OpenExchange | undefined {
    return this.#byKey.get(key)
  }

  oldest(): OpenExchange | null {
    return this.#first
  }

  add(key: string, exchange: ExchangeBuilder): OpenExchange {
    const open: OpenExchange = { key, exchange, before: null, after: null }
    this.#byKey.set(key, open)
    this.#append(open)
    return open
  }

  heardOf(open: OpenExchange): void {
    if (open === this.#last) return
    this.#unlink(open)
    this.#append(open)
  }

  delete(open: OpenExchange): void {
    if (this.#byKey.delete(open.key)) this.#unlink(open)
  }

  /** The oldest first; who is given one may delete it. */
  *[Symbol.iterator](): Iterator<OpenExchange> {
    let open = this.#first
    while (open) {
      const { after } = open
      yield open
      open = after
    }
  }

  #append(open: OpenExchange): void {
    open.before = this.#last
    open.after = null
    if (this.#last) this.#last.after = open
    else this.#first = open
    this.#last = open
  }

  #unlink({ before, after }: OpenExchange): void {
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
  }
}
