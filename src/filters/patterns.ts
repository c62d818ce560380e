import { RE2JS } from 're2js'
import { FilterFault } from './fault.ts'
import type { Place } from './tree.ts'

/**
 * Instructions of all patterns of a filter together. An instruction costs at worst one step for each character that is
 * read, so this bounds how slow a filter can be; what people write has a few dozen.
 */
const mostInstructions = 1_000
/** To compile a pattern takes time as well: a thousand of `\pL{1000}` are a million instructions before they are refused. */
const longestPattern = 1_000

/** Makes a filter's patterns, all for RE2: its time is linear in the text, whatever the pattern. */
export class Patterns {
  readonly #text: string
  #instructions = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Whether a pattern is found anywhere in a text; case does not matter. */
  found(pattern: string, place: Place): (text: string) => boolean {
    const compiled = this.#compile(pattern, place)
    return (text) => compiled.test(text)
  }

  /** Whether a text is this one; `*` is any run of characters, `?` is one, and case does not matter. */
  same(wanted: string, place: Place): (text: string) => boolean {
    if (!/[*?]/.test(wanted)) {
      const plain = wanted.toLowerCase()
      return (text) => text.toLowerCase() === plain
    }
    const parts = wanted.split(/(\*+|\?)/).map((part) => {
      if (part.startsWith('*')) return '.*'
      return part === '?' ? '.' : RE2JS.quote(part)
    })
    const compiled = this.#compile(parts.join(''), place)
    return (text) => compiled.matches(text)
  }

  #compile(pattern: string, place: Place): RE2JS {
    if (pattern.length > longestPattern) {
      throw new FilterFault(this.#text, place, `a pattern has at most ${longestPattern} characters`)
    }
    const compiled = this.#compiled(pattern, place)
    this.#instructions += compiled.programSize()
    if (this.#instructions > mostInstructions) {
      throw new FilterFault(this.#text, place, 'the patterns are too large together; look for less at once')
    }
    return compiled
  }

  #compiled(pattern: string, place: Place): RE2JS {
    try {
      return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL)
    } catch (error) {
      throw new FilterFault(this.#text, place, `this is no pattern${reason(error)}`)
    }
  }
}

/** RE2's own words, without the pattern, which is shown anyway. */
function reason(error: unknown): string {
  const words = error instanceof Error ? error.message : ''
  const [, why] = /^error parsing regexp: ([^:`]+)/.exec(words) ?? []
  if (why === undefined) return ''
  const perl = /Perl syntax|escape sequence/.test(why)
  return perl
    ? `: ${why} (RE2 has no look-ahead and no back-references)`
    : `: ${why.replace(/closing \)?$/, 'closing )')}`
}
