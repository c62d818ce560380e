/** A frame on the screen. */
export interface ScreenBox {
  title: string
  /** What stands at the right end of its upper border. */
  note: string
  /** Without the frame. */
  lines: readonly string[]
}

/** All frames, from top to bottom. */
export function boxesOf(screen: readonly string[]): ScreenBox[] {
  return screen.flatMap((line, row) =>
    [...line.matchAll(/╭[^╮]*╮/g)].map(({ index, 0: border }) => {
      const height = screen.slice(row).findIndex((one) => one[index] === '╰')
      const [title = '', note = ''] = border.slice(3, -1).split(/ ─+ ?/)
      const inner = screen.slice(row + 1, row + height)
      return { title, note, lines: inner.map((one) => one.slice(index + 1, index + border.length - 1)) }
    }),
  )
}

export interface ScreenColumn {
  title: string
  align?: 'right'
}

/** The cells of a table by the titles that it shows; `isSelected`: the keys are there. */
export interface ScreenRow {
  cells: ReadonlyMap<string, string>
  isSelected: boolean
}

/** A table whose first line has the titles; those of `columns` that are not there had no room. */
export function tableOf(
  [titles = '', ...lines]: readonly string[],
  columns: readonly ScreenColumn[],
): ScreenRow[] {
  let from = 0
  const placed = columns.flatMap(({ title, align }) => {
    const escaped = title.replace(/[$/%]/g, '\\$&')
    const found = new RegExp(`(?<= )(?:${escaped}[▾▴]?|[▾▴]${escaped.slice(1)})(?= |$)`).exec(
      titles.slice(from),
    )
    if (found === null) return []
    const start = from + found.index
    from = start + found[0].length
    return [{ title, align, start, end: from }]
  })
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => ({ isSelected: line.startsWith('▶'), cells: cellsOf(line, placed) }))
}

interface Placed {
  title: string
  align: 'right' | undefined
  start: number
  end: number
}

/** From the right: a right one ends below its title's end and has no spaces, a left one begins below its title. */
function cellsOf(line: string, placed: readonly Placed[]): Map<string, string> {
  const cells: [string, string][] = []
  let rest = line
  for (const { title, align, start, end } of placed.toReversed()) {
    if (align !== 'right') {
      cells.unshift([title, rest.slice(start).trim()])
      rest = rest.slice(0, start)
      continue
    }
    const upTo = rest.slice(0, end)
    const text = /\S*$/.exec(upTo)?.[0] ?? ''
    cells.unshift([title, text])
    rest = upTo.slice(0, upTo.length - text.length)
  }
  return new Map(cells)
}
