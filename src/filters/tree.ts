/** Where a part stands in the text, in UTF-16 units. */
export interface Place {
  at: number
  length: number
}

export type ComparisonSign = '>' | '>=' | '<' | '<=' | '=' | '!='

/** A filter as it was written; what its names mean is settled by who compiles it. */
export type Expression =
  | { kind: 'all-of' | 'any-of'; parts: readonly Expression[] }
  | { kind: 'not'; part: Expression }
  /** Plain text that any column may have. */
  | { kind: 'word'; text: string; place: Place }
  /** `~name`, with its argument where it takes one. */
  | { kind: 'operator'; name: string; argument: string | null; place: Place; argumentPlace: Place }
  | {
      kind: 'comparison'
      name: string
      sign: ComparisonSign
      value: string
      place: Place
      valuePlace: Place
    }

const unquoted = /^[\w/][\w./:*@$-]*$/

/** Text that parses to the same tree, whatever its words are. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'all-of':
      return expression.parts.map(printPart).join(' & ')
    case 'any-of':
      return expression.parts.map(printPart).join(' | ')
    case 'not':
      return `!${printPart(expression.part)}`
    case 'word':
      return printText(expression.text)
    case 'operator':
      return `~${expression.name}${expression.argument === null ? '' : ` ${printText(expression.argument)}`}`
    case 'comparison':
      return `${expression.name}${expression.sign}${printText(expression.value)}`
  }
}

function printPart(part: Expression): string {
  const isList = part.kind === 'all-of' || part.kind === 'any-of'
  return isList ? `(${printExpression(part)})` : printExpression(part)
}

function printText(text: string): string {
  return unquoted.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}
