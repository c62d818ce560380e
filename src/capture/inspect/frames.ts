import type { Leg } from '../../core/exchange.ts'
import { type CaptureRecord, type LegNumber, legNumbers } from '../format/records.ts'
import type { CaptureItem } from '../reader/items.ts'
import type { FrameRow } from './frame-row.ts'
import { type AroundFrame, OpenExchanges } from './open-exchanges.ts'

export interface FrameSettings {
  /** Bytes of each body that are wanted for showing. */
  dataBytes: number
  /** Whether all that a frame says is wanted as text, to search it. */
  isSearched: boolean
}

/** A frame, and all that it says. */
export interface FoundFrame {
  row: FrameRow
  text: () => string
}

/** Makes rows of records: one of each, of the original's several that stand in one entry. */
export class Frames {
  readonly #settings: FrameSettings
  readonly #open = new OpenExchanges()
  /** Of the original: the records of an entry so far. */
  #entry: FoundFrame | null = null

  constructor(settings: FrameSettings) {
    this.#settings = settings
  }

  /** Gives what is whole now: of files of ours this frame, of the original's the entry before. */
  take(item: CaptureItem): readonly FoundFrame[] {
    const frame = this.#frame(item)
    const entry = this.#entry
    if (item.version === 3) return entry ? [...this.end(), frame] : [frame]
    if (entry?.row.entry === frame.row.entry && entry.row.file === frame.row.file) {
      this.#entry = joined(entry, frame)
      return none
    }
    // Its header, and the words by which an exchange ends, are no entries.
    const { k } = item.record
    const before = this.end()
    if (k !== 'hdr' && k !== 'u') this.#entry = frame
    return before
  }

  /** The last entry is whole now. */
  end(): readonly FoundFrame[] {
    const last = this.#entry
    this.#entry = null
    return last ? [last] : none
  }

  #frame(item: CaptureItem): FoundFrame {
    const { record } = item
    const around = this.#open.note(item)
    const { dataBytes, isSearched } = this.#settings
    const body = record.k === 'b' && (dataBytes > 0 || isSearched) ? item.body() : null
    const row = rowOf(item, around ?? nowhere)
    if (body) {
      row.missing = body.missing
      row.data = Buffer.from(body.bytes.subarray(0, dataBytes))
    }
    return { row, text: () => textOf(row, record, body?.bytes ?? null) }
  }
}

const nowhere: AroundFrame = { session: null, backend: null, model: null, lastAtNs: null }

// Each member by its name: to put it together of parts takes ten times as long, and there are millions of frames.
function rowOf({ record, file, version, entry, offset, wallNs }: CaptureItem, around: AroundFrame): FrameRow {
  const { session, backend, model, lastAtNs } = around
  return {
    file,
    version,
    entry,
    offset,
    atNs: wallNs,
    record: record.k,
    exchange: exchangeOf(record),
    leg: 'l' in record ? legNames[record.l] : null,
    attempt: 'a' in record ? (record.a ?? null) : null,
    session,
    backend,
    model,
    gapMs: lastAtNs === null ? null : (wallNs - lastAtNs) / 1e6,
    what: wordsOf(record),
    chunk: record.k === 'b' ? record.n : null,
    status: record.k === 'h' ? (record.st ?? null) : null,
    headers: record.k === 'h' ? record.hd : null,
    bytes: record.k === 'b' ? bodyLength(record) : null,
    missing: record.k === 'b' ? (record.omitted ?? 0) : 0,
    data: null,
  }
}

const none: readonly FoundFrame[] = []

function exchangeOf(record: CaptureRecord): string | null {
  return 'x' in record && typeof record.x === 'string' ? record.x : null
}

const legNames: Readonly<Record<LegNumber, Leg>> = { 0: 'CTP', 1: 'PTC', 2: 'PTB', 3: 'BTP' }

function bodyLength({ d, omitted = 0 }: Extract<CaptureRecord, { k: 'b' }>): number {
  return d.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.len), omitted)
}

/** What of an entry of the original is most worth telling: its bytes, its head, its end. */
const weights: Readonly<Record<string, number>> = { b: 3, h: 2, e: 1 }

function joined(one: FoundFrame, other: FoundFrame): FoundFrame {
  const [main, side] = weight(other.row) > weight(one.row) ? [other, one] : [one, other]
  const [a, b] = [main.row, side.row]
  const isHead = a.record === 'h' || b.record === 'h'
  const row: FrameRow = {
    ...a,
    ...{ exchange: a.exchange ?? b.exchange, leg: a.leg ?? b.leg, attempt: a.attempt ?? b.attempt },
    ...{ session: other.row.session ?? one.row.session, backend: other.row.backend ?? one.row.backend },
    model: other.row.model ?? one.row.model,
    gapMs: one.row.gapMs,
    what: isHead && a.record === 'b' && b.record === 'h' ? `${b.what}, ${a.what}` : a.what,
    ...{ status: a.status ?? b.status, headers: a.headers ?? b.headers },
  }
  return { row, text: () => `${one.text()}\n${other.text()}` }
}

function weight({ record, leg }: FrameRow): number {
  return leg === null ? 0 : (weights[record] ?? 0)
}

function wordsOf(record: CaptureRecord): string {
  switch (record.k) {
    case 'hdr':
      return record.v === 2
        ? 'a file of the original'
        : `${record.app} ${record.appv}, run ${record.run}, section ${record.sec}`
    case 'clk':
      return 'the wall clock'
    case 'xo':
      return `opened${record.ep === '' ? '' : `: ${record.ep}`}`
    case 's':
      return ['session', record.session ?? 'none', record.turn && `turn ${record.turn}`]
        .filter(Boolean)
        .join(' ')
    case 'h':
      return headWords(record)
    case 'b':
      return `chunk ${record.n}${record.more ? ', continued' : ''}${record.enc ? `, ${record.enc}, left out` : ''}`
    case 'e':
      return `end: ${record.why}, ${record.n} ${record.n === 1 ? 'chunk' : 'chunks'}${record.err === undefined ? '' : `, ${record.err}`}`
    case 'u':
      return ['closed', record.outcome, record.incomplete_reason, record.error].filter(Boolean).join(': ')
    case 'bl':
      return `a stored part of ${record.len} bytes (${record.z})`
    case 'drop':
      return `${record.n} records lost: ${record.why}`
    case 'end':
      return `the end, ${record.records} records`
  }
}

function headWords({ l, m, u, st, be, mod }: Extract<CaptureRecord, { k: 'h' }>): string {
  if (st !== undefined) return `status ${st}`
  const to = l === legNumbers.PTB && be !== undefined ? `${be}${mod === undefined ? '' : `:${mod}`}` : null
  return [to && `to ${to}`, m, u].filter(Boolean).join(' ') || 'head'
}

function textOf(row: FrameRow, record: CaptureRecord, bytes: Uint8Array | null): string {
  const names = [row.exchange, row.session, row.backend, row.model, row.what]
  const headers = (row.headers ?? []).map((pair) => pair.join(': '))
  const told = record.k === 'u' || record.k === 's' ? [JSON.stringify(record)] : []
  const body = bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : ''
  return [...names.filter((name) => name !== null), ...headers, ...told, body].join('\n')
}
