// Without the native add-on of the main entry and without code made at run time.
import { Decoder } from 'cbor-x/index-no-eval'
import { type BoundsFault, CborBounds } from './cbor-bounds.ts'

/** What CBOR becomes here. Maps are plain objects. */
export type Decoded =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly Decoded[]
  | { readonly [key: string]: Decoded }

export type DecodedItem =
  | { fault: null; value: Decoded; end: number }
  /** So far the bytes must reach at least. */
  | { fault: 'short'; neededEnd: number }
  | { fault: 'malformed' }

const decoder = new Decoder({ useRecords: false, mapsAsObjects: true })

/**
 * The CBOR item at `start` of bytes that nobody vouches for, before `limit`. Never throws. Byte strings are views of
 * `bytes`, or of a copy where the item has tags. Tags are passed over; integers beyond 2^53 are bigints; undefined is
 * null. A key `__proto__` becomes `__proto_`, and a text of more than 64 bytes loses a byte order mark at its
 * beginning: cbor-x does so.
 */
export function decodeCbor(bytes: Buffer, start: number, limit: number): DecodedItem {
  const bounds = new CborBounds(bytes, start, limit)
  if (bounds.fault !== null) return faulty(bounds.fault, bounds.neededEnd)
  try {
    const value = decoder.decode(withoutTags(bytes, start, bounds))
    return { fault: null, value: settled(value), end: bounds.end }
  } catch {
    // A map whose key is a list, a map or bytes.
    return { fault: 'malformed' }
  }
}

function faulty(fault: BoundsFault, neededEnd: number): DecodedItem {
  return fault === 'short' ? { fault, neededEnd } : { fault }
}

/** The item alone: a tag is a head before another item, which without it is whole. */
function withoutTags(bytes: Buffer, start: number, { tags, end }: CborBounds): Buffer {
  if (tags.length === 0) return bytes.subarray(start, end)
  const edges = [start, ...tags, end]
  const parts: Buffer[] = []
  for (let i = 0; i < edges.length; i += 2) parts.push(bytes.subarray(edges[i], edges[i + 1]))
  return Buffer.concat(parts)
}

/** In place: whoever wrote an integer with 64 bits, it is a number if it can be. */
function settled(value: unknown): Decoded {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object' || value === null) return (value ?? null) as Decoded
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = settled(value[i])
    return value
  }
  const fields = value as Record<string, unknown>
  for (const key in fields) fields[key] = settled(fields[key])
  return fields as { readonly [key: string]: Decoded }
}
