import { type Decoded, decodeCbor } from './cbor-decode.ts'
import { asMap, holds } from './checks.ts'
import { formatVersion } from './frame.ts'
import { type Field, recordShapes } from './record-shapes.ts'
import type { CaptureRecord } from './records.ts'

/** A whole record of a kind that this program does not know: to be passed over and counted. */
export interface UnknownRecord {
  k: '?'
  kind: string
}

/** The header of a section in a format that this program does not know. */
export interface NewerHeader {
  k: 'newer'
  v: number
}

export type DecodedRecord = CaptureRecord | UnknownRecord | NewerHeader

const maxKindCharacters = 32

/** Lists of fields, so that no record walks an object of them. */
const shapes = new Map<string, readonly (readonly [name: string, field: Field])[]>(
  Object.entries(recordShapes).map(([kind, shape]) => [kind, Object.entries<Field>(shape)]),
)

/**
 * The record of a frame's payload; null where it is damaged: no CBOR map, or a field of the wrong type. Never throws.
 * Its byte strings are views of `payload`, or of a copy. Fields that this program does not know are left out.
 */
export function decodeRecord(payload: Uint8Array): DecodedRecord | null {
  return decodeRecordAt(Buffer.from(payload.buffer, payload.byteOffset, payload.length), 0, payload.length)
}

/** The same of a payload that stands in `bytes` from `start` to before `end`. */
export function decodeRecordAt(bytes: Buffer, start: number, end: number): DecodedRecord | null {
  const item = decodeCbor(bytes, start, end)
  if (item.fault !== null || item.end !== end) return null
  const map = asMap(item.value)
  if (map === null) return null
  const kind = map.k
  if (typeof kind !== 'string') return null
  if (kind === 'hdr' && typeof map.v === 'number' && map.v > formatVersion) return { k: 'newer', v: map.v }
  const fields = shapes.get(kind)
  return fields ? shapedRecord(kind, map, fields) : { k: '?', kind: kind.slice(0, maxKindCharacters) }
}

function shapedRecord(
  kind: string,
  map: Readonly<Record<string, Decoded>>,
  fields: readonly (readonly [name: string, field: Field])[],
): CaptureRecord | null {
  const record: Record<string, unknown> = { k: kind }
  for (const [name, field] of fields) {
    const value = map[name] ?? undefined
    if (!holds(field, value)) return null
    // The one field that is a bigint whatever its size.
    if (name === 'wall_ns') record[name] = BigInt(value as number | bigint)
    else if (value !== undefined) record[name] = value
  }
  return record as unknown as CaptureRecord
}
