import { nearest } from '../../../core/nearest.ts'
import { ReconcileFault } from '../fault.ts'

const keys = ['date', 'model', 'tokens', 'cost'] as const
type Key = (typeof keys)[number]

/** Which columns of an invoice say what; tokens and cost are the sum of theirs. */
export interface ColumnMap {
  date: string
  /** null: all models together. */
  model: string | null
  tokens: readonly string[]
  cost: readonly string[]
}

/** `date=COLUMN,model=COLUMN,tokens=COLUMN+COLUMN,cost=COLUMN` over a header. Throws `ReconcileFault`. */
export function parseColumnMap(text: string, header: readonly string[]): ColumnMap {
  const found = new Map<Key, string>()
  for (const part of text.split(/,(?=\s*\w+=)/)) {
    const [, word = part, column = ''] = /^\s*(\w+)=(.*)$/.exec(part) ?? []
    const key = keys.find((known) => known === word)
    if (key === undefined) throw unknownKey(word)
    if (found.has(key)) throw wrong(`--map has ${key} more than once`)
    if (column.trim() === '') throw wrong(`--map names no column for ${key}`)
    found.set(key, column.trim())
  }
  const date = found.get('date')
  if (date === undefined) throw wrong('--map needs date=COLUMN: nothing can be compared without days')
  if (!found.has('tokens') && !found.has('cost'))
    throw wrong('--map needs tokens=COLUMN or cost=COLUMN, or both')
  const model = found.get('model')
  return {
    date: column(date, header),
    model: model === undefined ? null : column(model, header),
    tokens: summands(found.get('tokens'), header),
    cost: summands(found.get('cost'), header),
  }
}

/** A plus sign parts columns, unless it is a part of a column's name. */
function summands(text: string | undefined, header: readonly string[]): string[] {
  if (text === undefined) return []
  if (header.includes(text)) return [column(text, header)]
  return text.split('+').map((name) => column(name.trim(), header))
}

function column(name: string, header: readonly string[]): string {
  const count = header.filter((known) => known === name).length
  if (count === 1) return name
  if (count > 1) throw wrong(`the file has ${count} columns named ${JSON.stringify(name)}`)
  const near = nearest(name, header)
  const hint = near === undefined ? `it has ${header.join(', ')}` : `did you mean ${JSON.stringify(near)}?`
  throw wrong(`the file has no column ${JSON.stringify(name)}; ${hint}`)
}

function unknownKey(word: string): ReconcileFault {
  const near = nearest(word, keys)
  const hint = near === undefined ? `it takes ${keys.join(', ')}` : `did you mean ${near}?`
  return wrong(`--map knows no ${JSON.stringify(word)}; ${hint}`)
}

function wrong(message: string): ReconcileFault {
  return new ReconcileFault('usage', message)
}
