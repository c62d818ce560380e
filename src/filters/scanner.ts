import { FilterFault, quoted } from './fault.ts'
import type { ComparisonSign, Place } from './tree.ts'

export interface Scanned {
  text: string
  isQuoted: boolean
  place: Place
}

/** What ends each kind of text that stands without quotes. A pattern may have `|` and `&` in it, as in mitmproxy. */
const runs = {
  operator: /[^\s()~'"&|!<>=]+/y,
  pattern: /[^\s()~'"]+/y,
  argument: /[^\s()~'"&|]+/y,
  word: /[^\s()~'"&|!<>=]+/y,
}
const space = /\s*/y
const sign = /[<>!]=|==?|[<>]/y

/** Walks over a filter's text. Each kind of token is asked for where the grammar allows it. */
export class Scanner {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  /** The next character that is no space; '' at the end. */
  peek(): string {
    this.#take(space)
    return this.text[this.at] ?? ''
  }

  /** Takes this character if it comes next. */
  takes(character: string): boolean {
    if (this.peek() !== character) return false
    this.at++
    return true
  }

  /** The name after a `~`. */
  operatorName(): Scanned {
    const at = this.at
    this.at++
    const name = this.#take(runs.operator)
    return { text: name, isQuoted: false, place: { at, length: name.length + 1 } }
  }

  /** What an operator or a comparison is given; null where nothing is. */
  argument(kind: 'pattern' | 'argument'): Scanned | null {
    const next = this.peek()
    if (next === '"' || next === "'") return this.quotation()
    const at = this.at
    const text = this.#take(runs[kind])
    if (text === '') return null
    this.#mustEnd('put it in quotes')
    return { text, isQuoted: false, place: { at, length: text.length } }
  }

  word(): Scanned | null {
    const at = this.at
    const text = this.#take(runs.word)
    return text === '' ? null : { text, isQuoted: false, place: { at, length: text.length } }
  }

  comparisonSign(): { sign: ComparisonSign; place: Place } | null {
    this.#take(space)
    const at = this.at
    const text = this.#take(sign)
    if (text === '') return null
    return {
      sign: (text === '==' ? '=' : text) as ComparisonSign,
      place: { at, length: text.length },
    }
  }

  /** `\` takes its meaning from the quote and from itself only: a pattern's `\d` stays as it is. */
  quotation(): Scanned {
    const at = this.at
    const quote = this.text[at] ?? ''
    let text = ''
    for (let index = at + 1; index < this.text.length; index++) {
      let character = this.text[index] ?? ''
      if (character === quote) {
        this.at = index + 1
        this.#mustEnd('put a space between')
        return { text, isQuoted: true, place: { at, length: this.at - at } }
      }
      const next = this.text[index + 1]
      if (character === '\\' && (next === quote || next === '\\')) {
        character = next
        index++
      }
      text += character
    }
    throw new FilterFault(this.text, { at, length: 1 }, `the quote ${quote} is never closed`)
  }

  /** Text and what follows it without a space would be read as two things that both must match. */
  mustEndWord(): void {
    this.#mustEnd('put a space between, or quotes around it all')
  }

  #mustEnd(advice: string): void {
    const next = this.text[this.at] ?? ''
    if (next === '' || ')&|'.includes(next) || /\s/.test(next)) return
    throw new FilterFault(
      this.text,
      { at: this.at, length: 1 },
      `${quoted(next)} cannot stand there; ${advice}`,
    )
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const [text = ''] = pattern.exec(this.text) ?? []
    this.at += text.length
    return text
  }
}
