import { type Line, line, sized, span, widthOf } from './lines.ts'
import type { Style } from './theme.ts'

export interface BoxSettings {
  title: Line
  /** At the right end of the upper border; left out where it has no room. */
  note?: Line
  width: number
  /** Of all, borders included. */
  height: number
  /** The keys go here. */
  isFocused?: boolean
}

/** Lines in a frame of exactly this size; what does not fit is cut. */
export function box(
  content: readonly Line[],
  { title, note = [], width, height, isFocused }: BoxSettings,
): Line[] {
  const style: Style = isFocused ? 'accent' : 'muted'
  const inner = Math.max(0, width - 2)
  const body = Array.from({ length: Math.max(0, height - 2) }, (_, at) => [
    span('│', style),
    ...sized(content[at] ?? [], inner),
    span('│', style),
  ])
  const bottom = line(span(`╰${'─'.repeat(inner)}╯`, style))
  return [upperBorder(title, note, inner, style), ...body, bottom]
}

function upperBorder(title: Line, note: Line, inner: number, style: Style): Line {
  const left = [span('─ ', style), ...title, span(' ', style)]
  const right = note.length === 0 ? [] : [span(' ', style), ...note, span(' ─', style)]
  const rule = inner - widthOf(left) - widthOf(right)
  if (rule >= 1) {
    return [span('╭', style), ...left, span('─'.repeat(rule), style), ...right, span('╮', style)]
  }
  const alone = inner - widthOf(left)
  const shown = alone >= 0 ? [...left, span('─'.repeat(alone), style)] : sized(left, inner)
  return [span('╭', style), ...shown, span('╮', style)]
}

/** Boxes side by side; all must have the same height. */
export function beside(...boxes: readonly (readonly Line[])[]): Line[] {
  return (boxes[0] ?? []).map((_, at) => boxes.flatMap((one) => one[at] ?? []))
}
