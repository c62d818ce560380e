const replacement = Buffer.from('\ufffd')
const escapedStart = Buffer.from('\\u00')
const escapedReplacement = ['\\ufffd', '\\uFFFD'].map((text) => Buffer.from(text))

/** Replacement characters in JSON text, plain or escaped. */
export function replacementsIn(body: Uint8Array): number {
  return (
    occurrences(body, replacement) +
    escapedReplacement.reduce((sum, text) => sum + occurrences(body, text), 0)
  )
}

function occurrences(body: Uint8Array, wanted: Buffer): number {
  const bytes = asBuffer(body)
  let count = 0
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) count++
  return count
}

/**
 * Two-byte characters of UTF-8 that were taken for Latin-1 and encoded once more: U+00C2 or U+00C3 with one of U+0080 to
 * U+00BF behind it, plain or escaped. The lead bytes of longer characters are letters that stand before a no-break
 * space in French; a capital with a tilde or circumflex does not.
 */
export function doublyEncodedIn(body: Uint8Array): number {
  const bytes = asBuffer(body)
  if (!bytes.includes(0xc3) && !bytes.includes(escapedStart)) return 0
  let count = 0
  for (let at = 0; at + 3 < body.length; at++) {
    if (body[at] === 0xc3 && isLead(body[at + 1]) && body[at + 2] === 0xc2 && isContinuation(body[at + 3]))
      count++
    else if (body[at] === 0x5c && isEscapedPair(body, at)) count++
  }
  return count
}

function isLead(byte: number | undefined): boolean {
  return byte === 0x82 || byte === 0x83
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf && byte !== 0xa0
}

function isEscapedPair(body: Uint8Array, at: number): boolean {
  if (body[at + 1] !== 0x75 || body[at + 2] !== 0x30 || body[at + 3] !== 0x30) return false
  return /^\\u00c[23]\\u00(?:[89b][0-9a-f]|a[1-9a-f])$/i.test(asBuffer(body).toString('latin1', at, at + 12))
}

/** Where the first byte stands that is no part of a character. */
export function invalidUtf8At(body: Uint8Array): number {
  let at = 0
  while (at < body.length) {
    const length = lengthAt(body, at)
    if (length === 0) return at
    at += length
  }
  return body.length
}

/** Bytes of the character that begins here (RFC 3629, section 4); 0 where none does. */
function lengthAt(body: Uint8Array, at: number): number {
  const lead = body[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const [from, to] = secondBytes.get(lead) ?? [0x80, 0xbf]
  const second = body[at + 1] ?? 0
  if (second < from || second > to) return 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  for (let i = 2; i < length; i++) if (((body[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** Behind these a second byte has fewer values: else a character had two forms, or were none. */
const secondBytes: ReadonlyMap<number, readonly [from: number, to: number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
])

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
