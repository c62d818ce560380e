import type { Leg } from '../../core/exchange.ts'

type Pair = readonly [name: string, value: string]

const mostNames = 200

/**
 * Headers as they were last on the same leg: thousands of heads have mostly the same, and who remembers them need not
 * remember each anew. Names in lower case.
 */
export class HeaderPairs {
  readonly #byLeg: Readonly<Record<Leg, Map<string, Pair>>> = {
    ...{ CTP: new Map(), PTB: new Map(), BTP: new Map(), PTC: new Map() },
  }

  pair(leg: Leg, name: string, value: string): Pair {
    const known = this.#byLeg[leg]
    const last = known.get(name)
    if (last?.[1] === value) return last
    if (last === undefined && known.size >= mostNames) known.clear()
    const pair: Pair = [last?.[0] ?? name.toLowerCase(), value]
    known.set(name, pair)
    return pair
  }
}
