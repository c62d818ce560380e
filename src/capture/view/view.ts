import type { Leg } from '../../core/exchange.ts'
import type { HeaderPairs } from '../../core/http.ts'
import type { InterpretationRecord, LegEnd } from '../format/records.ts'

/** A chunk as it passed. `bytes` as on the wire but for overwritten secrets; content encodings are undone. */
export interface Chunk {
  /** Nanoseconds since 1970. */
  atNs: number
  bytes: Uint8Array
  /** The frame that it stands in: entries count from 0 in their file. */
  entry: number
  /** Bytes of it that are not in the file (a lost blob, an undecodable encoding). */
  missing: number
  /** The content encoding that could not be undone, so that its bytes are missing. */
  enc?: string
}

/** One direction of an exchange, or of one of its attempts. What never came is null or empty. */
export interface LegView {
  leg: Leg
  /** From 1 on PTB and BTP; null on CTP and PTC. */
  attempt: number | null
  /** Requests. */
  method: string | null
  url: string | null
  /** Answers. */
  status: number | null
  headers: HeaderPairs
  headAtNs: number | null
  headEntry: number | null
  chunks: readonly Chunk[]
  end: { why: LegEnd; atNs: number; entry: number; error: string | null } | null
  /** Bytes of its body that passed but are not in the file. What was read of such a leg proves nothing. */
  missing: number
  /** All chunks joined; cached. */
  body(): Uint8Array
}

export interface AttemptView {
  number: number
  backend: string | null
  backendType: string | null
  model: string | null
  protocol: string | null
  ptb: LegView | null
  btp: LegView | null
}

/** One exchange with all that a capture has of it. */
export interface ExchangeView {
  id: string
  /** The client's protocol; null where the file does not say. */
  protocol: string | null
  openedAtNs: number
  /** The last thing that is known of it. */
  lastAtNs: number
  session: string | null
  turn: number | null
  clientApp: string | null
  requestedModel: string | null
  stream: boolean
  ctp: LegView | null
  ptc: LegView | null
  attempts: readonly AttemptView[]
  /** Null: it had not closed when the file ended. */
  closed: InterpretationRecord | null
  /** Entries of its first and last record. */
  entries: { first: number; last: number }
  file: string
  /** Its bodies had to make room: the legs have their heads only, and cannot be read. */
  forgotten?: true
  /** 2: a file of the original. Its legs have no heads but on PTB, and its clock is the wall's. */
  version: 2 | 3
}

/** What of a capture is damaged or lost. */
export interface CaptureGap {
  file: string
  kind: 'damaged' | 'torn_tail' | 'not_closed' | 'loss' | 'missing_blob'
  offset: number | null
  bytes: number
  records: number
  atNs: number | null
  why: string
  exchanges: readonly string[]
}

/** What detectors may know beside the exchange itself: bounded memory of what came before. */
export interface CaptureView {
  /** The exchange before it in its session that has closed; null for the first. */
  before(exchange: ExchangeView): ExchangeView | null
  /** Up to ten before it in its session, the newest first. */
  sessionBefore(exchange: ExchangeView): readonly ExchangeView[]
  /** Exchanges of any session that opened within so many milliseconds before it, the newest first, at most 64. */
  recent(exchange: ExchangeView, withinMs: number): readonly ExchangeView[]
  /** When the capture ends; while it is still being read, as far as it has been: exact for what did not close. */
  endsAtNs: number
  /** The capture was closed in order. */
  closedInOrder: boolean
}
