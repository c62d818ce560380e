import type { CaptureRecord } from '../../format/records.ts'
import { type CaptureItem, noBody } from '../items.ts'

/** Where and when an entry stands, for all records that are made of it. */
export interface Stamp {
  file: string
  entry: number
  offset: number
  wallNs: number
  /** Of its section. */
  t: number
}

export function itemOf(stamp: Stamp, record: CaptureRecord): CaptureItem {
  const { file, entry, offset, wallNs } = stamp
  return { entry, offset, file, version: 2, wallNs, record, body: () => bodyOf(record) }
}

/** The original's files have no blobs. */
function bodyOf(record: CaptureRecord) {
  if (record.k !== 'b') return noBody
  const [bytes] = record.d
  return { bytes: bytes instanceof Uint8Array ? bytes : noBody.bytes, missing: record.omitted ?? 0 }
}
