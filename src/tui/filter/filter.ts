import { compileFilter } from '../../filters/compile.ts'
import { parseFilter } from '../../filters/parse.ts'
import type { NumberSource, Predicate, SubjectKind, TextSource, Unit } from '../../filters/subject.ts'
import { type Expression, printExpression } from '../../filters/tree.ts'

/** What a filter reads of a row, of whatever list. */
export interface FilterRow {
  /** What people see of it, and its whole id. */
  cells: readonly string[]
  texts: Readonly<Partial<Record<TextName, string | null>>>
  numbers: Readonly<Partial<Record<NumberName, number | null>>>
  isTrouble: boolean
}

export type TextName = (typeof textNames)[number]
export type NumberName = keyof typeof numberUnits

/** Rows that are shown; `fault`: why the text means nothing, in one line. */
export interface Filter {
  text: string
  test: Predicate<FilterRow> | null
  fault: string | null
}

export const noFilter: Filter = { text: '', test: null, fault: null }

const textNames = [
  ...(['id', 'model', 'backend', 'app', 'session', 'user', 'frontend'] as const),
  ...(['state', 'waits', 'outcome', 'error', 'issue', 'fault', 'purpose'] as const),
] as const

const numberUnits = {
  status: 'plain',
  age: 'duration',
  ttft: 'duration',
  duration: 'duration',
  in_tokens: 'count',
  out_tokens: 'count',
  cached_tokens: 'count',
  tokens: 'count',
  tps: 'plain',
  cost: 'usd',
  turn: 'plain',
  turns: 'plain',
  attempts: 'plain',
} as const satisfies Record<string, Unit>

const rowKind: SubjectKind<FilterRow> = {
  noun: 'a row',
  texts: new Map(
    textNames.map((name): [string, TextSource<FilterRow>] => [name, { values: valuesOf(name) }]),
  ),
  numbers: new Map(
    Object.entries(numberUnits).map(([name, unit]): [string, NumberSource<FilterRow>] => [
      name,
      { unit, value: ({ numbers }) => numbers[name as NumberName] ?? null },
    ]),
  ),
  facts: new Map([['failed', ({ isTrouble }) => isTrouble]]),
  shown: ({ cells }) => cells,
}

/** The language of `--filter` (`usage recent`), and `name:text` for a text that has it anywhere. */
export function filterOf(text: string): Filter {
  if (text.trim() === '') return noFilter
  try {
    const tree = parseFilter(text)
    const wanted = withNamedWords(tree)
    return {
      text,
      test: compileFilter(wanted === tree ? text : printExpression(wanted), rowKind),
      fault: null,
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'FilterFault')) throw error
    return { text, test: null, fault: error.message.split('\n', 1)[0] ?? '' }
  }
}

/** `backend:openai` is a word to the parser; here it asks whether the backend has that in its name. */
function withNamedWords(tree: Expression): Expression {
  switch (tree.kind) {
    case 'all-of':
    case 'any-of': {
      const parts = tree.parts.map(withNamedWords)
      return parts.every((part, at) => part === tree.parts[at]) ? tree : { ...tree, parts }
    }
    case 'not': {
      const part = withNamedWords(tree.part)
      return part === tree.part ? tree : { ...tree, part }
    }
    case 'word': {
      const [, name = '', wanted = ''] = /^([a-z_]+):(.+)$/.exec(tree.text) ?? []
      if (!textNames.some((one) => one === name)) return tree
      const place = { place: tree.place, valuePlace: tree.place }
      return { kind: 'comparison', name, sign: '=', value: `*${wanted}*`, ...place }
    }
    default:
      return tree
  }
}

function valuesOf(name: TextName): (row: FilterRow) => readonly string[] | null {
  return ({ texts }) => {
    const value = texts[name] ?? null
    return value === null ? null : [value]
  }
}
