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
  /** By a literal's first two characters. */
  readonly #isBeginning = new Uint8Array(codes * codes)
  readonly #byBeginning = new Map<number, number[]>()

  constructor(literals: readonly Literal[]) {
    this.#literals = literals
    for (const [number, literal] of literals.entries()) {
      for (const pair of beginnings(literal)) {
        this.#isBeginning[pair] = 1
        this.#byBeginning.set(pair, [...(this.#byBeginning.get(pair) ?? []), number])
      }
    }
  }

  /** By the literal's number. */
  presentIn(text: string): readonly boolean[] {
    const found: boolean[] = []
    for (const literal of this.#literals) found.push(literal.text.length < 2 && text.includes(literal.text))
    const isBeginning = this.#isBeginning
    let before = codes
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (before < codes && code < codes && isBeginning[before * codes + code] === 1) {
        this.#check(text, at - 1, before * codes + code, found)
      }
      before = code
    }
    return found
  }

  #check(text: string, at: number, pair: number, found: boolean[]): void {
    for (const number of this.#byBeginning.get(pair) ?? []) {
      const literal = this.#literals[number]
      if (literal && !found[number] && standsAt(text, at, literal)) found[number] = true
    }
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
