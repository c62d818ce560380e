import { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { type CsvError, type Info, parse } from 'csv-parse'
import { ReconcileFault } from '../fault.ts'

export type Delimiter = ',' | ';' | '\t'

export interface CsvRow {
  cells: readonly string[]
  /** Where it ends in the file, from 1. */
  line: number
}

export interface CsvFile {
  header: readonly string[]
  delimiter: Delimiter
  rows: AsyncIterable<CsvRow>
}

const headerWithin = 65_536
/** A quote that nobody closes would otherwise swallow the file. */
const longestRow = 1_000_000
const delimiters: readonly Delimiter[] = [',', ';', '\t']

/** Reads a CSV file as it comes; the delimiter is the one that parts the header. Throws `ReconcileFault`. */
export async function readCsv(bytes: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const text = decoded(bytes)
  let beginning = ''
  while (beginning.length < headerWithin && !/[\r\n]/.test(beginning.trimStart())) {
    const next = await text.next()
    if (next.done) break
    beginning += next.value
  }
  if (beginning.trim() === '') throw new ReconcileFault('file', 'the file is empty')
  const delimiter = delimiterOf(beginning)
  const rows = parsed(follow(beginning, text), delimiter)
  const first = await rows.next()
  if (first.done) throw new ReconcileFault('file', 'the file is empty')
  const header = first.value.cells.map((name) => name.trim())
  return { header, delimiter, rows: asLongAs(header.length, rows) }
}

/** Spreadsheets also save UTF-16; a byte order mark says so, and is no text. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const piece of bytes) {
    decoder ??= new TextDecoder(piece[0] === 0xff && piece[1] === 0xfe ? 'utf-16le' : 'utf-8')
    yield decoder.decode(piece, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

async function* follow(beginning: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield beginning
  yield* rest
}

function delimiterOf(beginning: string): Delimiter {
  const [header = ''] = beginning
    .trimStart()
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1)
  const counted = delimiters.map((delimiter) => ({ delimiter, count: header.split(delimiter).length }))
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter
}

async function* parsed(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<CsvRow, undefined> {
  const parser = parse({
    ...{ delimiter, info: true, relax_column_count: true, skip_empty_lines: true },
    // Found out by itself it would be that of the first line only.
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: longestRow,
  })
  const source = Readable.from(text)
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{
      record: string[]
      info: Info
    }>) {
      yield { cells: record, line: info.lines }
    }
  } catch (error) {
    throw asFault(error as CsvError)
  } finally {
    source.destroy()
  }
}

function asFault(error: Partial<CsvError> & Error): Error {
  const line = `line ${'lines' in error ? error.lines : '?'}`
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ReconcileFault('file', `a quote is opened near line ${openedAt(error)} and never closed`)
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return new ReconcileFault('file', `${line}: there is text behind a closing quote`)
    case 'INVALID_OPENING_QUOTE':
      return new ReconcileFault('file', `${line}: there is a quote within a field that has none around it`)
    case 'CSV_MAX_RECORD_SIZE':
      return new ReconcileFault(
        'file',
        `${line} is longer than a megabyte; this is no CSV, or a quote is never closed`,
      )
    default:
      return error
  }
}

/** Behind all that was read well; the error itself has the end of the file. */
function openedAt(error: object): number {
  const { records = 0, empty_lines: emptyLines = 0 } = error as Partial<Info>
  return records + emptyLines + 1
}

async function* asLongAs(columns: number, rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow> {
  for await (const row of rows) {
    const tooMany = row.cells.slice(columns).some((cell) => cell.trim() !== '')
    if (row.cells.length < columns || tooMany) {
      throw new ReconcileFault(
        'file',
        `line ${row.line} has ${row.cells.length} fields where the header has ${columns}`,
      )
    }
    yield row
  }
}
