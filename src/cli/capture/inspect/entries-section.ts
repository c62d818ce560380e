import type { FrameRow } from '../../../capture/inspect/frame-row.ts'
import { printable } from '../../../core/printable.ts'
import { frameColumns } from './frame-columns.ts'
import { jsonRow } from './json-rows.ts'
import { type LineLayout, lineLayout } from './line-columns.ts'
import type { Page } from './page.ts'
import type { Look, Section } from './section.ts'
import { bytesText, decodedText, hexLines, textLines } from './shown.ts'

/** Which frames are shown; what is null asks for none. */
export interface EntryChoice {
  /** The first so many that are meant. */
  first: number | null
  /** By their numbers in the file, both ends included. */
  ranges: readonly { from: number; to: number }[]
}

const previewLines = 5

/** Frames with the beginning of what they carry. */
export function entriesSection(page: Page, look: Look, { first, ranges }: EntryChoice): Section {
  const layout = lineLayout(frameColumns, page.width)
  const last = ranges.reduce((most, { to }) => Math.max(most, to), -1)
  let shown = 0
  let counted = 0
  let reached = -1
  return {
    frame(row) {
      reached = row.entry
      // What bodies are made of, and clocks, are asked for by number only.
      const isFirst = first !== null && counted < first && row.record !== 'bl' && row.record !== 'clk'
      if (isFirst) counted++
      if (!isFirst && !ranges.some(({ from, to }) => row.entry >= from && row.entry <= to)) return
      shown++
      if (page.isJson) return page.data('entry', jsonRow(row))
      if (shown === 1) {
        page.heading('Entries')
        page.line(layout.head, 'dim')
      }
      printEntry(page, look, layout, row)
    },
    isDone: () => (first === null || counted >= first) && (last < 0 || (look.isOneFile && reached > last)),
    end() {
      if (page.isJson || shown > 0) return
      page.heading('Entries')
      page.line(last < 0 ? 'none' : `none with these numbers${reached < 0 ? '' : `; the last is ${reached}`}`)
    },
  }
}

function printEntry(page: Page, look: Look, layout: LineLayout<FrameRow>, row: FrameRow): void {
  page.line(layout.line(row))
  if (look.isVerbose) for (const line of moreLines(row)) page.line(`    ${line}`, 'dim')
  const { data, bytes, missing } = row
  if (data === null || data.length === 0) return
  printData(page, look, data)
  const cut = (bytes ?? 0) - missing - data.length
  if (cut > 0) page.line(`    … ${bytesText(cut)} more: --max-data`, 'dim')
}

function printData(page: Page, { isHex, isVerbose }: Look, data: Uint8Array): void {
  if (isHex) {
    // With their two spaces they fit eighty columns.
    for (const line of hexLines(data)) page.line(`  ${line}`)
    return
  }
  const whole = Number.POSITIVE_INFINITY
  const text = decodedText(data)
  const { lines, more } = isVerbose
    ? textLines(text, whole, whole)
    : textLines(text, page.width - 4, previewLines)
  for (const line of lines) page.line(`    ${line}`)
  if (more > 0) page.line(`    … ${more} more ${more === 1 ? 'line' : 'lines'}: --verbose`, 'dim')
}

function moreLines({ headers, exchange, session, backend, model, offset, file, status }: FrameRow): string[] {
  const facts = [
    ['exchange', exchange],
    ['session', session],
    ['backend', backend],
    ['model', model],
    ['status', status],
    ['place', `${file} at byte ${offset}`],
  ]
  return [
    ...facts.filter(([, value]) => value !== null).map(([name, value]) => printable(`${name}: ${value}`)),
    ...(headers ?? []).map(([name, value]) => printable(`${name}: ${value}`, 500)),
  ]
}
