import { nearest } from '../core/nearest.ts'
import { comparisonTest } from './comparison.ts'
import { FilterFault, quoted } from './fault.ts'
import { operators, operatorText } from './operators.ts'
import type { Source } from './source.ts'
import type { Predicate } from './subject.ts'
import type { Expression, Place } from './tree.ts'

type OperatorExpression = Expression & { kind: 'operator' }

export function operatorTest<Subject>(
  expression: OperatorExpression,
  source: Source<Subject>,
): Predicate<Subject> {
  const { name, argument, argumentPlace } = expression
  const { argument: kind, asks } = operatorOf(name)
  if (name === 'all') return () => true
  if (!isAnswerable(name, source)) throw unanswerable(expression, source)
  if (argument === null || kind === 'none') return source.kind.facts.get(asks) ?? (() => false)
  if (kind === 'status') refuseNoStatus(name, argument, argumentPlace, source.text)
  if (kind === 'status' || kind === 'text') {
    const both = { place: expression.place, valuePlace: argumentPlace }
    return comparisonTest({ kind: 'comparison', name: asks, sign: '=', value: argument, ...both }, source)
  }
  const test = kind === 'pattern' ? source.patterns.found(argument, argumentPlace) : beginningTest(argument)
  const text = source.kind.texts.get(asks)
  if (text?.oneOf && !text.oneOf.some(test)) throw neverFound(expression, argument, text.oneOf, source.text)
  return (subject) => text?.values(subject)?.some(test) ?? false
}

function neverFound(
  { name, argumentPlace }: OperatorExpression,
  argument: string,
  oneOf: readonly string[],
  text: string,
): FilterFault {
  const near = nearest(argument, oneOf)
  const question = near === undefined ? '' : `; did you mean ${near}?`
  const known = near === undefined ? [{ title: 'it is one of', names: oneOf }] : []
  return new FilterFault(text, argumentPlace, `no ${name} is like ${quoted(argument)}${question}`, known)
}

function operatorOf(name: string) {
  return operators.get(name) ?? { argument: 'none' as const, asks: '' }
}

function isAnswerable<Subject>(name: string, { kind }: Source<Subject>): boolean {
  const { argument, asks } = operatorOf(name)
  if (argument === 'none') return name === 'all' || kind.facts.has(asks)
  return argument === 'status' ? kind.numbers.has(asks) : kind.texts.has(asks)
}

function refuseNoStatus(name: string, argument: string, place: Place, text: string): void {
  if (/^[1-5]\d\d$/.test(argument)) return
  const hundreds = /^[1-5]xx$/i.test(argument) ? Number(argument[0]) : 5
  const range = `(status>=${hundreds}00 & status<${hundreds + 1}00)`
  throw new FilterFault(text, place, `~${name} takes one status, 100 to 599; a range is ${range}`)
}

/** An id may be written without the letter that says of what it is one. */
function beginningTest(argument: string): (id: string) => boolean {
  const wanted = argument.toLowerCase()
  return (id) => {
    const whole = id.toLowerCase()
    return whole.startsWith(wanted) || whole.replace(/^[a-z]_/, '').startsWith(wanted)
  }
}

function unanswerable<Subject>({ name, place }: OperatorExpression, source: Source<Subject>): FilterFault {
  const { noun } = source.kind
  const known = [...operators.keys()].filter((one) => isAnswerable(one, source))
  const what = `~${name} cannot be asked of ${noun}; it has no ${operatorOf(name).asks.replaceAll('_', ' ')}`
  return new FilterFault(source.text, place, what, [
    { title: 'can be asked', names: known.map(operatorText) },
  ])
}
