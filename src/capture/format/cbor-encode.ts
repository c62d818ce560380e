import { toUSVString } from 'node:util'
// Without the native add-on of the main entry and without code made at run time.
import { Encoder } from 'cbor-x/index-no-eval'

/** No records, tags or structures of cbor-x's own: any CBOR tool reads what it writes. */
const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: false,
  variableMapSize: true,
}) as Encoder & { useBuffer(buffer: Buffer): void }

/** Given anew for each value: otherwise cbor-x would keep one as large as the largest that it ever wrote. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Plain CBOR (RFC 8949): definite lengths, shortest heads, text keys in the order of the object without those that are
 * undefined, byte strings without tags, whole numbers as integers, others as 64-bit floats. Lent until the next call.
 */
export function encodeCbor(value: object): Buffer {
  encoder.useBuffer(scratch)
  return encoder.encode(plain(value))
}

const maxNumber = 0xffff_ffff

/**
 * As cbor-x must be given it: it writes numbers beyond 32 bits as floats and bigints always with 64 bits, gives fields
 * that are undefined an entry, and halves of surrogate pairs bytes that are no UTF-8.
 */
function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return toUSVString(value)
    case 'number':
      return Math.abs(value) > maxNumber && Number.isSafeInteger(value) ? BigInt(value) : value
    case 'bigint':
      return value >= 0n && value <= maxNumber ? Number(value) : value
    default:
      return typeof value === 'object' && value !== null ? plainObject(value) : value
  }
}

function plainObject(value: object): object {
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(plain)
  const fields: Record<string, unknown> = {}
  const object = value as Record<string, unknown>
  for (const key in object) {
    const field = object[key]
    if (field !== undefined) fields[key] = plain(field)
  }
  return fields
}
