import { isUtf8 } from 'node:buffer'

/** Whether a body is UTF-8. A character that the end of the body cut is no fault of its encoding. */
export function isValidUtf8(body: Buffer): boolean {
  if (isUtf8(body)) return true
  const from = lastLead(body)
  return from !== null && isUtf8(body.subarray(0, from))
}

/** Where a character begins that the end cut; null when the last one is not cut. */
function lastLead(body: Buffer): number | null {
  for (let back = 1; back <= Math.min(3, body.length); back++) {
    const byte = body[body.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    return length > back ? body.length - back : null
  }
  return null
}
