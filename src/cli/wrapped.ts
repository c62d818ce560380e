import { columnsOf } from './text-width.ts'

/** A text in lines that are at most so wide, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line: string | null = null
  let columns = 0
  for (const word of text.split(' ')) {
    const wordColumns = columnsOf(word)
    if (line !== null && columns + 1 + wordColumns <= width) {
      line += ` ${word}`
      columns += 1 + wordColumns
    } else {
      if (line !== null) lines.push(line.trimEnd())
      line = word
      columns = wordColumns
    }
  }
  return line === null ? lines : [...lines, line]
}
