/** Tells texts apart that come in pieces, in constant space: two FNV-1a hashes (RFC 9923) with different beginnings. */
export class TextHash {
  #one = 0x811c9dc5
  #two = 0xc9dc5811
  #length = 0

  add(text: string): void {
    let one = this.#one
    let two = this.#two
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      one = Math.imul(one ^ code, 0x01000193)
      two = Math.imul(two ^ code, 0x01000193)
    }
    this.#one = one
    this.#two = two
    this.#length += text.length
  }

  digest(): string {
    return `${(this.#one >>> 0).toString(36)}.${(this.#two >>> 0).toString(36)}.${this.#length}`
  }
}
