/** How the original's header begins: a map of five, whose first key is `magic`. */
export const headerStart = Buffer.from([0xa5, 0x65, ...Buffer.from('magic')])

export const magic = 'LLMPROXY-CAPTURE-V2'

const timestampKey = Buffer.from('bts', 'latin1')
/** A float of any width, a 32- or 64-bit integer, a tag: none of them is text. */
const timestampStarts = new Set([0xf9, 0xfa, 0xfb, 0x1a, 0x1b, 0xc1])

/**
 * Where from `from` on an entry may begin, or a header; -1 where none does. An entry is a map of four to six whose
 * first key is `ts`: `A4|A5|A6 62 74 73`, then a number (reference §3.1, rule 7).
 */
export function entryAt(bytes: Buffer, from: number): number {
  for (
    let key = bytes.indexOf(timestampKey, from + 1);
    key >= 0;
    key = bytes.indexOf(timestampKey, key + 1)
  ) {
    const count = bytes[key - 1] ?? 0
    if (count < 0xa4 || count > 0xa6 || !timestampStarts.has(bytes[key + 3] ?? 0)) continue
    const header = bytes.subarray(from, key).indexOf(headerStart)
    return header < 0 ? key - 1 : from + header
  }
  return bytes.indexOf(headerStart, from)
}
