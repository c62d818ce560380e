import { printable } from '../../../core/printable.ts'
import type { Tone } from './page.ts'
import { foldedText } from './shown.ts'

export interface TonedLine {
  text: string
  tone: Tone
}

const leastWidth = 40

/** A heading within a section. */
export function title(text: string): TonedLine[] {
  return [plain(''), { text: printable(text), tone: 'bold' }]
}

/** Text from outside in lines that fit, behind so many spaces. */
export function indented(text: string, indent: number, width: number, tone: Tone = 'plain'): TonedLine[] {
  const lines = foldedText(printable(text), Math.max(leastWidth, width - indent))
  return lines.map((line) => ({ text: `${' '.repeat(indent)}${line}`, tone }))
}

export function plain(text: string): TonedLine {
  return { text, tone: 'plain' }
}

export function dim(text: string): TonedLine {
  return { text, tone: 'dim' }
}
