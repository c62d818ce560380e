import { comparisonTest } from './comparison.ts'
import { operatorTest } from './operator-test.ts'
import { parseFilter } from './parse.ts'
import { Patterns } from './patterns.ts'
import type { Source } from './source.ts'
import type { Predicate, SubjectKind } from './subject.ts'
import type { Expression } from './tree.ts'

/**
 * A filter made ready for one kind of subject. What that kind cannot answer is refused here, so that nothing is
 * false merely because it was not understood. Errors: `FilterFault`, nothing else.
 */
export function compileFilter<Subject>(text: string, kind: SubjectKind<Subject>): Predicate<Subject> {
  return predicateOf(parseFilter(text), { text, kind, patterns: new Patterns(text) })
}

function predicateOf<Subject>(expression: Expression, source: Source<Subject>): Predicate<Subject> {
  switch (expression.kind) {
    case 'all-of': {
      const parts = expression.parts.map((part) => predicateOf(part, source))
      return (subject) => parts.every((part) => part(subject))
    }
    case 'any-of': {
      const parts = expression.parts.map((part) => predicateOf(part, source))
      return (subject) => parts.some((part) => part(subject))
    }
    case 'not': {
      const part = predicateOf(expression.part, source)
      return (subject) => !part(subject)
    }
    case 'word':
      return wordTest(expression.text, source.kind)
    case 'operator':
      return operatorTest(expression, source)
    case 'comparison':
      return comparisonTest(expression, source)
  }
}

function wordTest<Subject>(text: string, kind: SubjectKind<Subject>): Predicate<Subject> {
  const wanted = text.toLowerCase()
  return (subject) => {
    for (const cell of kind.shown(subject)) if (cell.toLowerCase().includes(wanted)) return true
    return false
  }
}
