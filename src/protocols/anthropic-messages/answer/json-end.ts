/** Notices in a JSON object that comes in pieces where it ends, without keeping it. */
export class JsonEnd {
  #depth = 0
  #inString = false
  #escaped = false
  #reached = false

  /** The object that began has been closed. */
  get reached(): boolean {
    return this.#reached
  }

  add(piece: string): void {
    for (let at = 0; at < piece.length && !this.#reached; at++) this.#read(piece[at])
  }

  #read(character: string | undefined): void {
    if (this.#inString) this.#readInString(character)
    else if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') this.#reached = --this.#depth <= 0
  }

  #readInString(character: string | undefined): void {
    if (this.#escaped) this.#escaped = false
    else if (character === '\\') this.#escaped = true
    else if (character === '"') this.#inString = false
  }
}
