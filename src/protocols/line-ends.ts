const lf = 0x0a
const cr = 0x0d

/** Makes CRLF and bare CR into LF, also when a chunk ends between the two characters. */
export class LineEnds {
  #last = 0
  #beforeLast = 0

  /** What was read ends in a CR that an LF may still belong to. A second CR in a row is a bare one. */
  get open(): boolean {
    return this.#last === cr && this.#beforeLast !== cr
  }

  /** `text` is not empty. */
  normalise(text: string): string {
    const rest = this.#last === cr && text.charCodeAt(0) === lf ? text.slice(1) : text
    this.#beforeLast = text.length > 1 ? text.charCodeAt(text.length - 2) : this.#last
    this.#last = text.charCodeAt(text.length - 1)
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest
  }
}
