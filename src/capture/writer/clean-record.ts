import type { BodyRecord, CaptureRecord } from '../format/records.ts'

/** An exchange as the thread knows it. */
export interface RecordedExchange {
  /** Its name between the threads. */
  readonly number: number
  readonly x: string
  readonly opened: { t: number; ep: string }
  session: string | null
}

/** A body as it is kept and written: redacted, not yet deduplicated. Its bytes are only valid while it is handed over. */
export type CleanBodyRecord = Omit<BodyRecord, 'd'> & { bytes: Uint8Array }
/** But for bodies. */
export type OfExchange = Exclude<CaptureRecord, { k: 'hdr' | 'clk' | 'b' | 'bl' | 'drop' | 'end' }>
export type CleanRecord = OfExchange | CleanBodyRecord

/** Takes what may be kept: nothing in it is secret. Times are those of the section. */
export interface CleanSink {
  /** The record `xo` comes first, unless the beginning of the exchange is not captured: then it is left to the sink. */
  record(exchange: RecordedExchange, record: CleanRecord): void
  /** No record of it follows. */
  closed(exchange: RecordedExchange): void
}
