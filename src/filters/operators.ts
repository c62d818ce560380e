/** What an operator does with its argument. */
export type ArgumentKind =
  /** A regular expression that is found anywhere in the text. */
  | 'pattern'
  /** How an id begins. */
  | 'beginning'
  /** A text as it is. */
  | 'text'
  /** An HTTP status. */
  | 'status'
  | 'none'

export interface Operator {
  argument: ArgumentKind
  /** The text, number or fact of the subject that it asks for. */
  asks: string
}

const of = (argument: ArgumentKind, asks: string): Operator => ({ argument, asks })

/** mitmproxy's, with its meanings, and those of LLM traffic. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ['all', of('none', '')],
  ['b', of('pattern', 'body')],
  ['bq', of('pattern', 'request_body')],
  ['bs', of('pattern', 'response_body')],
  ['c', of('status', 'status')],
  ['d', of('pattern', 'domain')],
  ['e', of('none', 'failed')],
  ['h', of('pattern', 'header')],
  ['hq', of('pattern', 'request_header')],
  ['hs', of('pattern', 'response_header')],
  ['m', of('pattern', 'method')],
  ['q', of('none', 'unanswered')],
  ['s', of('none', 'answered')],
  ['t', of('pattern', 'content_type')],
  ['tq', of('pattern', 'request_content_type')],
  ['ts', of('pattern', 'response_content_type')],
  ['u', of('pattern', 'url')],
  ['x', of('beginning', 'id')],
  ['leg', of('text', 'leg')],
  ['model', of('pattern', 'model')],
  ['backend', of('pattern', 'backend')],
  ['session', of('beginning', 'session')],
  ['tool', of('pattern', 'tool')],
  ['issue', of('pattern', 'issue')],
])

const argumentWords: Readonly<Record<ArgumentKind, string>> = {
  pattern: ' PATTERN',
  beginning: ' ID',
  text: ' NAME',
  status: ' CODE',
  none: '',
}

/** `~model PATTERN` */
export function operatorText(name: string): string {
  return `~${name}${argumentWords[operators.get(name)?.argument ?? 'none']}`
}
