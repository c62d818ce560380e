/** A line of a text diff: of both texts, of the first only, of the second only; or so many that are left out. */
export interface DiffLine {
  sign: ' ' | '-' | '+' | '…'
  text: string
}

const contextLines = 2
/** Of the table that finds what both have. Beyond it all of the one is shown, then all of the other. */
const mostCells = 1_000_000

/** What must be taken out of `before` and put in to have `after`, line by line, with some lines around. */
export function textDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++
  let end = 0
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const same = (text: string): DiffLine => ({ sign: ' ', text })
  const lines = [
    ...old.slice(0, start).map(same),
    ...changed(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ]
  return shortened(nearChanges(lines))
}

function changed(old: readonly string[], now: readonly string[]): DiffLine[] {
  const width = now.length + 1
  if ((old.length + 1) * width > mostCells) {
    return [
      ...old.map((text): DiffLine => ({ sign: '-', text })),
      ...now.map((text): DiffLine => ({ sign: '+', text })),
    ]
  }
  const common = commonLengths(old, now)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]]
    if (was !== undefined && was === is) {
      lines.push({ sign: ' ', text: was })
      i++
      j++
    } else if (is === undefined || (was !== undefined && below(common, width, i, j))) {
      lines.push({ sign: '-', text: was ?? '' })
      i++
    } else {
      lines.push({ sign: '+', text: is })
      j++
    }
  }
  return lines
}

/** Whether as much is common without the old line as without the new one. */
function below(common: Uint32Array, width: number, i: number, j: number): boolean {
  return (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)
}

/** At `i * width + j`: how many lines `old` from `i` on and `now` from `j` on have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1
  const table = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const down = table[(i + 1) * width + j] ?? 0
      const right = table[i * width + j + 1] ?? 0
      const both = (table[(i + 1) * width + j + 1] ?? 0) + 1
      table[i * width + j] = old[i] === now[j] ? both : Math.max(down, right)
    }
  }
  return table
}

function nearChanges(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = lines.map(() => false)
  for (const [at, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    for (let near = at - contextLines; near <= at + contextLines; near++) {
      if (near >= 0 && near < lines.length) isNear[near] = true
    }
  }
  const shown: DiffLine[] = []
  let left = 0
  const close = () => {
    if (left > 0) shown.push({ sign: '…', text: `${left} ${left === 1 ? 'line' : 'lines'} alike` })
    left = 0
  }
  for (const [at, line] of lines.entries()) {
    if (isNear[at]) {
      close()
      shown.push(line)
    } else left++
  }
  close()
  return shown
}

const longestLine = 160
const shownBefore = 40

/** Lines that are too long to be seen whole: of a changed pair what stands around its first difference. */
function shortened(lines: readonly DiffLine[]): DiffLine[] {
  return lines.map((line, at) => {
    if (line.sign === '…' || line.text.length <= longestLine) return line
    const other = line.sign === '-' ? lines[at + 1] : lines[at - 1]
    const isPair = other !== undefined && `${line.sign}${other.sign}`.match(/^(?:-\+|\+-)$/) !== null
    const from = isPair ? Math.max(0, firstDifference(line.text, other.text) - shownBefore) : 0
    return { sign: line.sign, text: window(line.text, from) }
  })
}

function window(text: string, from: number): string {
  const end = from + longestLine
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return at
}
