import { crc32 } from 'node:zlib'
import { CaptureError } from './capture-error.ts'
import { encodeCbor } from './cbor-encode.ts'
import type { CaptureRecord } from './records.ts'

/** The format that this program writes. */
export const formatVersion = 3

/**
 * Stands before each section: RFC 9277's labelled CBOR sequence, 55800(1668546880('BOR')), where 1668546880
 * is content format 63, application/cbor-seq.
 */
export const label: Uint8Array = Uint8Array.of(
  ...[0xd9, 0xd9, 0xf8, 0xda, 0x63, 0x74, 0x01, 0x40, 0x43, 0x42, 0x4f, 0x52],
)

/** An array of three and a byte string of four: 0xF7 stands in no UTF-8, so no text holds these bytes. */
export const sync: Uint8Array = Uint8Array.of(0x83, 0x44, 0xf7, 0x4c, 0x50, 0x33)

/** `83 44 F7 4C 50 33 · 1A crc32 · 5A length`, then the payload: one CBOR array of three (reference §3.3). */
export const headBytes = 16
const crcMarkAt = 6
const crcAt = 7
const lengthMarkAt = 11
const lengthAt = 12

/** Of a payload: what claims more is damage. Larger bodies are several records. */
export const maxPayloadBytes = 64 * 1024 * 1024

/** A whole frame, in a buffer of its own. Throws `record_too_large` above 64 MiB. */
export function encodeFrame(record: CaptureRecord): Uint8Array {
  const payload = encodeCbor(record)
  const { length } = payload
  if (length > maxPayloadBytes) {
    const message = `a ${record.k} record has ${length} bytes and a frame holds ${maxPayloadBytes}: split its body into several records`
    throw new CaptureError('record_too_large', message)
  }
  const frame = Buffer.allocUnsafe(headBytes + length)
  frame.set(sync)
  frame[crcMarkAt] = 0x1a
  frame[lengthMarkAt] = 0x5a
  frame.writeUInt32BE(length, lengthAt)
  frame.set(payload, headBytes)
  frame.writeUInt32BE(crc32(frame.subarray(lengthAt)), crcAt)
  return frame
}

/** The payload's length where a frame's head stands at `at`, null where it does not. 16 bytes must be there. */
export function payloadLength(bytes: Buffer, at: number): number | null {
  for (let i = 0; i < sync.length; i++) if (bytes[at + i] !== sync[i]) return null
  if (bytes[at + crcMarkAt] !== 0x1a || bytes[at + lengthMarkAt] !== 0x5a) return null
  const length = bytes.readUInt32BE(at + lengthAt)
  return length > maxPayloadBytes ? null : length
}

/** The checksum covers the length and the payload. The whole frame must be there. */
export function checksumHolds(bytes: Buffer, at: number, length: number): boolean {
  const covered = bytes.subarray(at + lengthAt, at + headBytes + length)
  return crc32(covered) === bytes.readUInt32BE(at + crcAt)
}
