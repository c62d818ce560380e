import { isUtf8 } from 'node:buffer'

/** A body as JSON can hold it: as text, or as base64 where it is none. */
export type BodyText = { text: string } | { base64: string }

export function bodyText(body: Uint8Array): BodyText {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  return isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') }
}
