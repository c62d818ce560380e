import { type FramingReader, maxElementLength, type StreamElement } from './framing.ts'
import { HeldText } from './held-text.ts'
import { Utf8Reader } from './utf8.ts'

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const comma = 0x2c

/**
 * Reads the elements of one JSON array as they come: what Gemini's `streamGenerateContent` sends without
 * `alt=sse`. A bare object instead of an array is its only element: errors come so.
 */
export class JsonArrayReader implements FramingReader {
  /** A comment may stand nowhere in JSON. */
  readonly betweenBlocks = false
  readonly #utf8 = new Utf8Reader()
  readonly #held = new HeldText()
  #opened = false
  #closed = false
  /** Brackets and braces that are open within the element; 0 between elements. */
  #depth = 0
  #inString = false
  #escaped = false
  #tooLong = false
  #complained = false

  get closed(): boolean {
    return this.#closed
  }

  push(bytes: Uint8Array): readonly StreamElement[] {
    const text = this.#utf8.read(bytes)
    const elements: StreamElement[] = []
    let start = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (this.#inString) {
        this.#stepInString(code)
      } else if (this.#depth === 0) {
        if (this.#stepBetween(code, elements)) start = i
      } else if (this.#stepInElement(code)) {
        this.#emit(text.slice(start, i + 1), elements)
      }
    }
    if (this.#depth > 0) this.#hold(text.slice(start))
    return elements
  }

  end(): readonly StreamElement[] {
    return []
  }

  #stepInString(code: number): void {
    if (this.#escaped) this.#escaped = false
    else if (code === backslash) this.#escaped = true
    else if (code === quote) this.#inString = false
  }

  /** True when an element begins at this character. */
  #stepBetween(code: number, elements: StreamElement[]): boolean {
    if (code === openBracket && !this.#opened) {
      this.#opened = true
      return false
    }
    if (code === openBrace || code === openBracket) {
      this.#depth = 1
      return true
    }
    if (code === closeBracket && this.#opened) this.#closed = true
    else if (code > 0x20 && code !== comma) this.#complain(elements)
    return false
  }

  /** True when the element ends with this character. */
  #stepInElement(code: number): boolean {
    if (code === quote) this.#inString = true
    else if (code === openBrace || code === openBracket) this.#depth++
    else if (code === closeBrace || code === closeBracket) this.#depth--
    return this.#depth === 0
  }

  /** Something that is no element: said once, for it may be a whole page of HTML. */
  #complain(elements: StreamElement[]): void {
    if (!this.#complained) elements.push({ name: '', text: null })
    this.#complained = true
  }

  #hold(text: string): void {
    if (this.#tooLong) return
    this.#held.add(text)
    if (this.#held.length <= maxElementLength) return
    this.#tooLong = true
    this.#held.clear()
  }

  #emit(rest: string, elements: StreamElement[]): void {
    elements.push({ name: '', text: this.#tooLong ? null : this.#held.take() + rest })
    this.#tooLong = false
    if (!this.#opened) this.#closed = true
  }
}
