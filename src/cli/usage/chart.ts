import type { ReportRow } from './stats-report.ts'

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const widest = 60

/** A bar a row, as long as its share of the longest. `width` is the terminal's. */
export function barChart(
  rows: readonly ReportRow[],
  value: (row: ReportRow) => number,
  text: (value: number) => string,
  width: number,
): string[] {
  const labels = rows.map(({ place }) => place.join(' '))
  const figures = rows.map((row) => text(value(row)))
  const labelWidth = Math.max(0, ...labels.map((label) => label.length))
  const figureWidth = Math.max(0, ...figures.map((figure) => figure.length))
  const room = Math.max(1, Math.min(widest, width - labelWidth - figureWidth - 4))
  const most = Math.max(0, ...rows.map(value))
  return rows.map((row, index) => {
    const length = most === 0 ? 0 : (value(row) / most) * room
    const bar = '█'.repeat(Math.floor(length)) + (eighths[Math.floor((length % 1) * 8)] ?? '')
    const label = (labels[index] ?? '').padEnd(labelWidth)
    return `${label}  ${(figures[index] ?? '').padStart(figureWidth)}  ${bar}`.trimEnd()
  })
}
