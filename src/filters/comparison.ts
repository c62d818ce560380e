import { nearest } from '../core/nearest.ts'
import { FilterFault, quoted } from './fault.ts'
import { parseNumber, unitWords } from './numbers.ts'
import type { Source } from './source.ts'
import type { NumberSource, Predicate, TextSource } from './subject.ts'
import type { ComparisonSign, Expression } from './tree.ts'

type Comparison = Expression & { kind: 'comparison' }

const numberTests: Readonly<Record<ComparisonSign, (value: number, than: number) => boolean>> = {
  '>': (value, than) => value > than,
  '>=': (value, than) => value >= than,
  '<': (value, than) => value < than,
  '<=': (value, than) => value <= than,
  '=': (value, than) => value === than,
  '!=': (value, than) => value !== than,
}

/** What is not known fits no comparison, `!=` included. */
export function comparisonTest<Subject>(comparison: Comparison, source: Source<Subject>): Predicate<Subject> {
  const number = source.kind.numbers.get(comparison.name)
  if (number !== undefined) return numberTest(comparison, number, source)
  const text = source.kind.texts.get(comparison.name)
  if (text !== undefined) return textTest(comparison, text, source)
  throw unknownName(comparison, source)
}

function numberTest<Subject>(
  { sign, value, valuePlace }: Comparison,
  number: NumberSource<Subject>,
  source: Source<Subject>,
): Predicate<Subject> {
  const than = parseNumber(value, number.unit)
  if (than === null) {
    const what = `${quoted(value)} is ${unitWords[number.unit]}`
    throw new FilterFault(source.text, valuePlace, what)
  }
  const test = numberTests[sign]
  return (subject) => {
    const found = number.value(subject)
    return found !== null && test(found, than)
  }
}

function textTest<Subject>(
  { name, sign, value, place, valuePlace }: Comparison,
  { values, oneOf }: TextSource<Subject>,
  source: Source<Subject>,
): Predicate<Subject> {
  if (sign !== '=' && sign !== '!=') {
    throw new FilterFault(source.text, place, `${name} is a text: it can be compared with = and != only`)
  }
  const isSame = source.patterns.same(value, valuePlace)
  if (oneOf !== undefined && !oneOf.some(isSame)) {
    const near = nearest(value, oneOf)
    const question = near === undefined ? '' : `; did you mean ${near}?`
    const what = `${name} is never ${quoted(value)}${question}`
    throw new FilterFault(source.text, valuePlace, what, [{ title: 'it is one of', names: oneOf }])
  }
  if (sign === '=') return (subject) => values(subject)?.some(isSame) ?? false
  return (subject) => {
    const found = values(subject)
    return found !== null && !found.some(isSame)
  }
}

function unknownName<Subject>({ name, place }: Comparison, { text, kind }: Source<Subject>): FilterFault {
  const near = nearest(name, [...kind.numbers.keys(), ...kind.texts.keys()])
  if (near !== undefined) {
    return new FilterFault(text, place, `${kind.noun} has no ${quoted(name)}; did you mean ${near}?`)
  }
  return new FilterFault(text, place, `${kind.noun} has no ${quoted(name)}`, [
    { title: 'numbers', names: [...kind.numbers.keys()] },
    { title: 'texts', names: [...kind.texts.keys()] },
  ])
}
