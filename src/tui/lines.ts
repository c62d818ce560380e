import { columnsOf, cutToColumns, padToColumns } from '../cli/text-width.ts'
import { looks, type Style } from './theme.ts'

/** A piece of a line, and what it means; without a style it is plain. */
export interface Span {
  text: string
  style?: Style | undefined
}

/** A line of the picture. Panels are made of them, so that their widths are exact and they need no terminal. */
export type Line = readonly Span[]

export function span(text: string, style?: Style | null): Span {
  return style == null ? { text } : { text, style }
}

export function line(...parts: readonly (Span | string)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? { text: part } : part))
}

export function textOf(spans: Line): string {
  return spans.map(({ text }) => text).join('')
}

/** The line as a terminal takes it, neighbours of one style together. */
export function painted(spans: Line): string {
  const merged: Span[] = []
  for (const one of spans) {
    const last = merged.at(-1)
    if (last === undefined || last.style !== one.style) merged.push({ ...one })
    else last.text += one.text
  }
  return merged.map(({ text, style }) => (style === undefined ? text : looks[style](text))).join('')
}

export function widthOf(spans: Line): number {
  return spans.reduce((sum, { text }) => sum + columnsOf(text), 0)
}

/** Exactly so many columns: cut with an ellipsis, or filled up with spaces. */
export function sized(spans: Line, width: number): Line {
  if (width <= 0) return []
  const own = widthOf(spans)
  if (own === width) return spans
  return own < width ? [...spans, { text: ' '.repeat(width - own) }] : cut(spans, width)
}

/** Two texts at the ends of a line; the left one gives way. */
export function ends(left: Line, right: Line, width: number): Line {
  const rightWidth = widthOf(right)
  if (rightWidth >= width) return sized(right, width)
  return [...sized(left, width - rightWidth), ...right]
}

export function cell(part: Span, width: number, align: 'left' | 'right' = 'left'): Span {
  return { ...part, text: padToColumns(cutToColumns(part.text, width), width, align) }
}

/** Everything in one style: a picture that is old, a row that has gone. */
export function inStyle(spans: Line, style: Style): Line {
  return [{ text: textOf(spans), style }]
}

function cut(spans: Line, width: number): Line {
  const kept: Span[] = []
  let room = width
  for (const one of spans) {
    const own = columnsOf(one.text)
    if (own >= room) {
      const isLast = one === spans.at(-1) && own === room
      const text = isLast ? one.text : cutToColumns(`${one.text}…`, room)
      kept.push({ ...one, text: padToColumns(text, room) })
      return kept
    }
    kept.push(one)
    room -= own
  }
  return kept
}
