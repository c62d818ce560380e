import { unknownMark } from '../../cli/numbers.ts'
import { padToColumns } from '../../cli/text-width.ts'
import { wrapped } from '../../cli/wrapped.ts'
import { type Line, line, type Span, span } from '../lines.ts'

/** What is told of one thing. */
export interface Details {
  title: string
  lines: readonly Line[]
}

const labelWidth = 12

/** `model      sonnet → anthropic` */
export function labelled(label: string, ...parts: readonly (Span | string)[]): Line {
  return line(span(padToColumns(` ${label}`, labelWidth), 'muted'), ...parts)
}

/** Long texts go on below themselves. */
export function labelledText(label: string, text: string | null, width: number): Line[] {
  if (text === null || text === '') return [labelled(label, span(unknownMark, 'muted'))]
  return wrapped(text, Math.max(20, width - labelWidth - 1)).map((part, at) =>
    labelled(at === 0 ? label : '', part),
  )
}

/** The command that tells more, which `c` copies. */
export function copied(command: string): Line {
  return labelled('more', command, span('   (c copies it)', 'muted'))
}

/** A small table below a heading; nothing where it has no rows. */
export function section(title: string, rows: readonly Line[]): Line[] {
  return rows.length === 0 ? [] : [line(), line(span(` ${title}`, 'strong')), ...rows]
}
