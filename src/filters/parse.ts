import { nearest } from '../core/nearest.ts'
import { FilterFault, type Known, quoted } from './fault.ts'
import { isUnit } from './numbers.ts'
import { operators, operatorText } from './operators.ts'
import { type Scanned, Scanner } from './scanner.ts'
import type { Expression, Place } from './tree.ts'

const longest = 10_000
/** A limit far above what a person writes, and far below what a stack can take. */
const deepest = 100
/** Shorter names are all near to each other. */
const shortestGuess = 4

/**
 * The tree of a filter: `!` binds before `&`, `&` before `|`, and, as in mitmproxy, what merely stands side by side
 * must all match and binds last. Errors: `FilterFault`, nothing else.
 */
export function parseFilter(text: string): Expression {
  if (text.length > longest) {
    const what = `a filter has at most ${longest} characters, this one ${text.length}`
    throw new FilterFault(text, { at: longest, length: 1 }, what)
  }
  const scanner = new Scanner(text)
  if (scanner.peek() === '') {
    throw new FilterFault(text, { at: 0, length: 1 }, 'the filter is empty; ~all matches everything')
  }
  const parser = new Parser(scanner)
  const expression = parser.sideBySide(0)
  if (scanner.peek() === ')') {
    throw new FilterFault(text, { at: scanner.at, length: 1 }, 'this ) closes nothing')
  }
  return expression
}

class Parser {
  readonly #scanner: Scanner

  constructor(scanner: Scanner) {
    this.#scanner = scanner
  }

  sideBySide(depth: number): Expression {
    const parts = [this.#anyOf(depth)]
    while (!['', ')'].includes(this.#scanner.peek())) parts.push(this.#anyOf(depth))
    return listOf('all-of', parts)
  }

  #anyOf(depth: number): Expression {
    const parts = [this.#allOf(depth)]
    while (this.#scanner.takes('|')) parts.push(this.#allOf(depth))
    return listOf('any-of', parts)
  }

  #allOf(depth: number): Expression {
    const parts = [this.#single(depth)]
    while (this.#scanner.takes('&')) parts.push(this.#single(depth))
    return listOf('all-of', parts)
  }

  #single(depth: number): Expression {
    const next = this.#scanner.peek()
    const { at } = this.#scanner
    if ((next === '!' || next === '(') && depth >= deepest) {
      throw this.#fault({ at, length: 1 }, `a filter is nested at most ${deepest} deep`)
    }
    if (this.#scanner.takes('!')) return { kind: 'not', part: this.#single(depth + 1) }
    if (!this.#scanner.takes('(')) return this.#leaf(next)
    const inner = this.sideBySide(depth + 1)
    if (!this.#scanner.takes(')')) throw this.#fault({ at, length: 1 }, 'this ( is never closed')
    return inner
  }

  #leaf(next: string): Expression {
    if (next === '~') return this.#operator()
    if (next === '"' || next === "'") return this.#wordOf(this.#scanner.quotation())
    const word = this.#scanner.word()
    if (word === null) throw this.#missing(next)
    const sign = this.#scanner.comparisonSign()
    if (sign !== null) return this.#comparison(word, sign)
    this.#scanner.at = word.place.at + word.place.length
    this.#scanner.mustEndWord()
    return this.#wordOf(word)
  }

  #wordOf({ text, place }: Scanned): Expression {
    if (text === '') throw this.#fault(place, 'an empty word is in every column; write ~all for everything')
    return { kind: 'word', text, place }
  }

  #operator(): Expression {
    const { text: name, place } = this.#scanner.operatorName()
    const operator = operators.get(name)
    if (operator === undefined) throw this.#unknownOperator(name, place)
    // Taken for a pattern, `~tool=Bash` would look for "=Bash".
    if (/[=<>!]/.test(this.#scanner.text[this.#scanner.at] ?? '')) {
      throw this.#fault({ at: this.#scanner.at, length: 1 }, `put a space after ~${name}`)
    }
    if (operator.argument === 'none') {
      this.#scanner.mustEndWord()
      return { kind: 'operator', name, argument: null, place, argumentPlace: place }
    }
    const isPattern = operator.argument === 'pattern'
    const given = this.#scanner.argument(isPattern ? 'pattern' : 'argument')
    if (given === null) {
      const sign = '(~'.includes(this.#scanner.peek() || ' ')
        ? '; with ( ) or ~ in it, in quotes'
        : `: ${operatorText(name)}`
      throw this.#fault(place, `~${name} needs something to look for${sign}`)
    }
    if (isPattern) this.#refuseLooseSigns(given)
    return { kind: 'operator', name, argument: given.text, place, argumentPlace: given.place }
  }

  /** `~model a|~model b` would look for "a" or nothing, which is everywhere. */
  #refuseLooseSigns({ text, isQuoted, place }: Scanned): void {
    if (isQuoted || !/^[&|]|[&|]$/.test(text)) return
    throw this.#fault(place, 'a pattern without quotes cannot begin or end with & or |; put a space there')
  }

  #comparison(name: Scanned, { sign, place }: { sign: Sign; place: Place }): Expression {
    const next = this.#scanner.peek()
    const value = '<>=!'.includes(next || ' ') ? null : this.#scanner.argument('argument')
    if (value === null) {
      const length = place.length + ('<>=!'.includes(next || ' ') ? 1 : 0)
      throw this.#fault(
        { at: place.at, length },
        `a value is missing after ${sign}; the signs are > >= < <= = !=`,
      )
    }
    this.#refuseLooseUnit(value)
    const both = { place: name.place, valuePlace: value.place }
    return { kind: 'comparison', name: name.text, sign, value: value.text, ...both }
  }

  /** `bytes>1 mb` would look for more than one byte, and for the word "mb". */
  #refuseLooseUnit({ text, isQuoted, place }: Scanned): void {
    if (isQuoted || !/^[\d.]+$/.test(text)) return
    const [gap, word = ''] = /^\s+(\w+)(?=[\s)&|]|$)/.exec(this.#scanner.text.slice(this.#scanner.at)) ?? []
    if (gap === undefined || !isUnit(word)) return
    const length = place.length + gap.length
    throw this.#fault({ at: place.at, length }, `put no space between a number and its unit: ${text}${word}`)
  }

  #missing(next: string): FilterFault {
    const { at } = this.#scanner
    const what =
      next === '' ? 'the filter ends where something is expected' : `something is missing before ${next}`
    return this.#fault({ at, length: 1 }, `${what}: a word, ~OPERATOR or NAME>VALUE`)
  }

  #unknownOperator(name: string, place: Place): FilterFault {
    const [, known = '', rest = ''] = /^([a-z]+)(.+)$/.exec(name) ?? []
    const parted = operators.has(known) ? `; did you mean ~${known} ${rest.replace(/^[:=]/, '')}?` : ''
    const near =
      name.length < shortestGuess
        ? undefined
        : nearest(
            name,
            [...operators.keys()].filter((one) => one.length >= shortestGuess),
          )
    const question = near === undefined ? parted : `; did you mean ~${near}?`
    const list = { title: 'operators', names: [...operators.keys()].map((one) => `~${one}`) }
    return this.#fault(place, `there is no operator ${quoted(`~${name}`)}${question}`, question ? [] : [list])
  }

  #fault(place: Place, what: string, known: readonly Known[] = []): FilterFault {
    return new FilterFault(this.#scanner.text, place, what, known)
  }
}

type Sign = Extract<Expression, { kind: 'comparison' }>['sign']

function listOf(kind: 'all-of' | 'any-of', parts: readonly Expression[]): Expression {
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : { kind, parts }
}
