import { isUtf8 } from 'node:buffer'

/** The longest part of a character that a cut leaves. */
const cutCharacterBytes = 3

/** UTF-8 without control characters but white space, perhaps cut within its first and last character. */
export function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false
  }
  let start = 0
  while (start < cutCharacterBytes && isContinuation(bytes[start])) start++
  for (let cut = 0; cut <= cutCharacterBytes; cut++) {
    if (isUtf8(bytes.subarray(start, Math.max(start, bytes.length - cut)))) return true
  }
  return false
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
