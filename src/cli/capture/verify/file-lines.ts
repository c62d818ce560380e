import type { VerifiedFile } from '../../../capture/reader/verified-file.ts'
import { printable } from '../../../core/printable.ts'
import { countText } from '../../numbers.ts'
import { columnsOf } from '../../text-width.ts'
import { bytesText, dateText } from '../inspect/shown.ts'

const mostShown = 10

/** What a file is, and everything that is wrong or unfinished in it, for people. Width: of the terminal. */
export function fileLines(file: VerifiedFile, width = Number.POSITIVE_INFINITY): string[] {
  return [
    ...headlines(file, width),
    ...listed(file.damage, 'damaged places', ({ offset, bytes, isTorn, why }) => {
      const place = isTorn ? 'cut at the end' : 'damaged'
      return `${place}: ${byteCount(bytes)} at ${countText(offset)} (${printable(why, 120)})`
    }),
    ...listed(file.missingBlobs, 'missing parts', ({ bytes, entry, exchange }) => {
      const where =
        exchange === null
          ? `it is entry ${countText(entry)} itself`
          : `of ${exchange}, entry ${countText(entry)}`
      return `part of a body missing: ${byteCount(bytes)}, ${where}`
    }),
    ...listed(file.chunkGaps, 'missing chunks', ({ exchange, leg, attempt, from, to }) => {
      const chunks = from === to ? `chunk ${from}` : `chunks ${from}–${to}`
      return `${chunks} missing: of ${exchange}, ${placeText(leg, attempt)}`
    }),
    ...listed(file.losses, 'losses', ({ why, records, bytes, exchanges }) => {
      const of = exchanges.length === 0 ? '' : `, of ${namesText(exchanges)}`
      return `lost when it was recorded: ${countText(records)} records, ${bytesText(bytes)} (${lossWords[why] ?? why})${of}`
    }),
    ...listed(file.open, 'open exchanges', ({ id, legs }) => {
      const places = legs.map(({ leg, attempt }) => placeText(leg, attempt))
      return `open when it ended: ${id}${places.length === 0 ? '' : `, in ${places.join(', ')}`}`
    }),
    ...Object.entries(file.unknown).map(
      ([kind, count]) => `  of a kind that is not known here: ${countText(count)} × ${printable(kind, 40)}`,
    ),
    ...(file.unlisted > 0 ? [`  and ${countText(file.unlisted)} more that nobody could list`] : []),
  ]
}

function headlines(file: VerifiedFile, width: number): string[] {
  const { frames, sections, version } = file
  const count = Object.values(frames).reduce((sum, of) => sum + of, 0)
  const word = version === null ? 'no capture' : file.isWhole ? 'whole' : 'damaged'
  const sign = file.isWhole && version !== null ? '●' : '✖'
  const [first] = sections
  const facts = [
    bytesText(file.bytes),
    ...(version === 2 ? ['original’s format'] : []),
    `${countText(count)} ${version === 2 ? 'entries' : 'frames'}`,
    ...(first
      ? [`${sections.length === 1 ? 'from' : `${sections.length} runs, from`} ${dateText(first.startedNs)}`]
      : []),
    ...(file.isClosed === null ? [] : [file.isClosed ? 'closed in order' : 'not closed in order']),
  ]
  const name = `${sign} ${word}  ${printable(file.file, 200)}`
  const line = `${name}  ${facts.join(', ')}`
  return columnsOf(line) <= width ? [line] : [name, `  ${facts.join(', ')}`]
}

/** To the byte: it is where somebody looks. */
export function byteCount(bytes: number): string {
  return `${countText(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`
}

/** V2 and V3 number the legs alike. */
const legNames = ['CTP', 'PTC', 'PTB', 'BTP']

function placeText(leg: number, attempt: number | null): string {
  return `${legNames[leg] ?? leg}${attempt === null ? '' : ` of attempt ${attempt}`}`
}

const lossWords: Readonly<Record<string, string>> = {
  queue_full: 'more came than could be written',
  writer_lost: 'the thread that wrote was lost',
  disk_full: 'the disk was full',
  disk_error: 'the disk failed',
  cap: 'the room for captures was used up',
}

function namesText(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => printable(id, 40))
  return shown.join(', ') + (ids.length > 3 ? ` and ${countText(ids.length - 3)} more` : '')
}

function listed<Item>(items: readonly Item[], words: string, text: (item: Item) => string): string[] {
  const lines = items.slice(0, mostShown).map((item) => printable(`  ${text(item)}`, 300))
  const more = items.length - lines.length
  return more > 0 ? [...lines, `  and ${countText(more)} more ${words}; --json has them`] : lines
}
