/** Of ASCII: other characters begin no literal. */
const codes = 128

export interface Literal {
  text: string
  /** In lower case, and found in whatever case. */
  ignoresCase: boolean
}

/**
 * Tells which of many short literals stand in a text. Looks at each pair of characters once: to search for one literal
 * after the other goes through the text as often as there are literals.
 */
export class Literals {
  readonly #literals: readonly Literal[]
  /** Of one character, with their numbers. */
  readonly #single: readonly (readonly [number, Literal])[]
  /** By a literal's first two characters. */
  readonly #isBeginning = new Uint8Array(codes * codes)
  readonly #byBeginning = new Map<number, number[]>()

  constructor(literals: readonly Literal[]) {
    this.#literals = literals
    this.#single = [...literals.entries()].filter(([, { text }]) => text.length < 2)
    for (const [number, literal] of literals.entries()) {
      for (const pair of beginnings(literal)) {
        this.#isBeginning[pair] = 1
        this.#byBeginning.set(pair, [...(this.#byBeginning.get(pair) ?? []), number])
      }
    }
  }

  /** By the literal's number; null: none does. */
  presentIn(text: string): readonly boolean[] | null {
    let found: boolean[] | null = null
    for (const [number, { text: literal }] of this.#single) {
      if (!text.includes(literal)) continue
      found ??= this.#nothing()
      found[number] = true
    }
    const isBeginning = this.#isBeginning
    let before = codes
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (before < codes && code < codes && isBeginning[before * codes + code] === 1) {
        found = this.#check(text, at - 1, before * codes + code, found)
      }
      before = code
    }
    return found
  }

  #check(text: string, at: number, pair: number, found: boolean[] | null): boolean[] | null {
    let all = found
    for (const number of this.#byBeginning.get(pair) ?? []) {
      const literal = this.#literals[number]
      if (!literal || all?.[number] || !standsAt(text, at, literal)) continue
      all ??= this.#nothing()
      all[number] = true
    }
    return all
  }

  #nothing(): boolean[] {
    return this.#literals.map(() => false)
  }
}

function standsAt(text: string, at: number, { text: wanted, ignoresCase }: Literal): boolean {
  if (!ignoresCase) return text.startsWith(wanted, at)
  return text.slice(at, at + wanted.length).toLowerCase() === wanted
}

function beginnings({ text, ignoresCase }: Literal): number[] {
  const [first, second] = [text[0], text[1]]
  if (first === undefined || second === undefined) return []
  const forms = (character: string) =>
    new Set(ignoresCase ? [character, character.toUpperCase()] : [character])
  return [...forms(first)].flatMap((one) =>
    [...forms(second)].map((other) => one.charCodeAt(0) * codes + other.charCodeAt(0)),
  )
}
