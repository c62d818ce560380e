/** A container that is smaller is never cut, and pieces are gathered until they are so large. */
export const pieceBytes = 4096

/**
 * Where the large parts of requests lie: `messages[]` and their `content[]` are 2 and 4 deep, a tool result in a
 * content part 6, and Gemini's `contents[].parts[].functionResponse` inside an envelope 8.
 */
const maxDepth = 8
/** A list that begins so high is where two bodies, which differ before it, become alike again. */
const listDepth = 3

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c

/** Where pieces of a JSON text begin, in order and without 0. `fresh`: one that nothing before it is joined to. */
export interface Cut {
  at: number
  fresh: boolean
}

/**
 * Cuts before each `,` `]` `}` and behind each `[` that stands outside of strings, at most so deep, in containers of
 * 4096 bytes and more (reference §3.6). The text need not be valid: any bytes are cut somehow, the same ones in
 * the same way wherever they stand in the same list.
 */
export function cutJson(bytes: Uint8Array): Cut[] {
  const cuts: Cut[] = []
  const starts: number[] = []
  const cutsBefore: number[] = []
  let depth = 0
  let at = 0

  function open(isList: boolean): void {
    starts[depth] = at
    cutsBefore[depth] = cuts.length
    depth++
    if (isList && depth <= maxDepth) cuts.push({ at: at + 1, fresh: depth <= listDepth })
  }

  function close(): void {
    if (depth === 0) return
    depth--
    if (at - (starts[depth] ?? 0) < pieceBytes) cuts.length = cutsBefore[depth] ?? 0
    else if (depth < maxDepth) cuts.push({ at, fresh: false })
  }

  for (; at < bytes.length; at++) {
    switch (bytes[at]) {
      case quote:
        at = endOfString(bytes, at + 1)
        break
      case comma:
        if (depth > 0 && depth <= maxDepth) cuts.push({ at, fresh: false })
        break
      case 0x5b: // [
      case 0x7b: // {
        open(bytes[at] === 0x5b)
        break
      case 0x5d: // ]
      case 0x7d: // }
        close()
        break
    }
  }
  return cuts
}

/** The closing quote of the string whose content begins at `from`; the last byte where there is none. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) return at
    if (byte === backslash) at++
  }
  return bytes.length
}
