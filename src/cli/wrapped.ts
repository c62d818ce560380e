/** A text in lines that are at most so wide, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line: string | null = null
  for (const word of text.split(' ')) {
    if (line === null) line = word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line.trimEnd())
      line = word
    }
  }
  return line === null ? lines : [...lines, line]
}
