const quote = 0x22
const backslash = 0x5c
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/**
 * Where the JSON value that begins at `at` ends; the end of the bytes where it has none. Nothing is checked: who parses
 * what stands there finds what is wrong. All that structure is made of is ASCII, so bytes can be looked at.
 */
export function valueEnd(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  if (first === quote) return stringEnd(bytes, at)
  return opening.has(first) ? nestedEnd(bytes, at) : plainEnd(bytes, at)
}

export function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function nestedEnd(bytes: Buffer, from: number): number {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote) at = stringEnd(bytes, at) - 1
    else if (opening.has(byte)) depth++
    else if (closing.has(byte) && --depth === 0) return at + 1
  }
  return bytes.length
}

/** Behind the string's closing quote. */
function stringEnd(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) return at + 1
    if (byte === backslash) at++
  }
  return bytes.length
}

/** Of a number or a word. */
function plainEnd(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && !isSpace(bytes[at]) && bytes[at] !== 0x2c && !closing.has(bytes[at] ?? 0)) at++
  return at
}
