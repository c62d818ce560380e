import type { ChalkInstance } from 'chalk'
import { type Column, fitTable } from './table.ts'
import { paint, signs, type Tone } from './tone.ts'
import { wrapped } from './wrapped.ts'

export interface Section {
  lines: string[]
  /** Titles of columns that had no room, and whose content is nowhere else. */
  hidden: string[]
}

export interface TableSection extends Section {
  /** Whether the table has a column of that title, or never was to have one. */
  shows(title: string): boolean
}

export interface SectionSettings<Row> {
  /** The first is the sign. */
  columns: readonly Column<Row>[]
  tone: (row: Row) => Tone
  /** What goes below the table where the column `title` has no room; null: nothing to say of this row. */
  sentences: readonly { title: string; of: (row: Row) => string | null }[]
  width: number
  chalk: ChalkInstance
}

/** A table with a sign before each row, and below it the sentences that a row has no room for. */
export function tableSection<Row>(rows: readonly Row[], settings: SectionSettings<Row>): TableSection {
  const { columns, tone, sentences, width, chalk } = settings
  const { text, hidden } = fitTable(rows, columns, width)
  const [titles = '', ...drawn] = text.split('\n')
  const lines = drawn.map((line, index) => {
    const row = rows[index]
    return row === undefined ? line : paintedSign(line, tone(row), chalk)
  })
  const homeless = sentences.filter(({ title }) => hidden.includes(title))
  const below = homeless.flatMap(({ of }) =>
    rows.flatMap((row) => {
      const said = of(row)
      return said === null ? [] : hanging(tone(row), said, width, chalk)
    }),
  )
  return {
    lines: [chalk.bold(titles), ...lines, ...(below.length > 0 ? ['', ...below] : [])],
    hidden: hidden.filter((title) => homeless.every((sentence) => sentence.title !== title)),
    shows: (title) => !hidden.includes(title),
  }
}

/** A sign and a text beside it, which stays beside it in all its lines. */
export function hanging(
  tone: Tone,
  text: string,
  width: number,
  chalk: ChalkInstance,
  sign: string = signs[tone],
): string[] {
  return wrapped(text, width - 2).map((line, index) =>
    index === 0 ? `${paint(sign, tone, chalk)} ${line}` : `  ${line}`,
  )
}

function paintedSign(line: string, tone: Tone, chalk: ChalkInstance): string {
  const sign = signs[tone]
  return line.startsWith(sign) ? paint(sign, tone, chalk) + line.slice(sign.length) : line
}
