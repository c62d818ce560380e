import { printable } from '../core/printable.ts'
import type { Place } from './tree.ts'

/** How much of a long expression is shown on either side of the place. */
const shownAround = 30
/** Errors stand behind `error: ` and the like, and are read in narrow terminals too. */
const widthColumns = 76

/** What could stand at the place. */
export interface Known {
  title: string
  names: readonly string[]
}

/** What is wrong with a filter, for people: in words, with the place marked, and what could stand there. */
export class FilterFault extends Error {
  override readonly name = 'FilterFault'
  readonly code = 'bad_filter'
  readonly place: Place

  constructor(text: string, place: Place, what: string, known: readonly Known[] = []) {
    super([printable(what), ...marked(text, place), ...known.flatMap(listed)].join('\n'))
    this.place = place
  }
}

/** A word of the expression, fit to stand in a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(printable(text, 40))
}

function listed({ title, names }: Known): string[] {
  const lines: string[] = []
  let line = `  ${title}:`
  for (const [index, name] of names.entries()) {
    const word = index < names.length - 1 ? `${name},` : name
    if (line.length + 1 + word.length > widthColumns) {
      lines.push(line)
      line = '   '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

/** The part of the text around a place, and carets under it. */
function marked(text: string, { at, length }: Place): string[] {
  if (text.trim() === '') return []
  const from = Math.max(0, at - shownAround)
  const until = Math.min(text.length, at + length + shownAround, at + 2 * shownAround)
  const before = (from > 0 ? '…' : '') + printable(text.slice(from, at))
  const rest = printable(text.slice(at, until)) + (until < text.length ? '…' : '')
  const carets = '^'.repeat(Math.max(1, Math.min(length, until - at)))
  return [`    ${before}${rest}`, `    ${blank(before)}${carets}`]
}

/** As wide as the text in a terminal, as far as that can be told: East Asian letters take two columns. */
function blank(text: string): string {
  return text
    .replace(/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/g, '  ')
    .replace(/[^ ]/g, ' ')
}
