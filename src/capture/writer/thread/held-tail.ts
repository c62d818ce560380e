/** So much `core/secrets` keeps for itself, at most, until it is decided. */
const longestDoubt = 16 * 1024
/** Within it lies what can introduce a secret on its line. */
const lineOfDoubt = 2 * 1024
/** Where no word ends: what is held back beyond the longest doubt is less than one of these. */
const pieceOfDoubt = 1024

/** It ends between words: nothing of it is mostly held back. */
export function isSureOfItsEnd(bytes: Uint8Array): boolean {
  return endsWord(bytes[bytes.length - 1])
}

/**
 * Where to cut a chunk before it is redacted. The redactor gives a chunk only when it is sure of its end; of one cut so
 * it gives all but the piece in which the doubt begins: mostly its last word. Ascending, the chunk's length last.
 */
export function cutsForRedaction(bytes: Uint8Array): number[] {
  const end = bytes.length
  if (isSureOfItsEnd(bytes)) return [end]
  const line = Math.max(0, end - lineOfDoubt)
  let word = end
  while (word > line && !endsWord(bytes[word - 1])) word--
  if (word > line) return [line, word, end].filter((cut, i, all) => cut > (all[i - 1] ?? 0))
  const cuts: number[] = []
  for (let cut = Math.max(0, end - longestDoubt); cut < end; cut += pieceOfDoubt) if (cut > 0) cuts.push(cut)
  return [...cuts, end]
}

/** So many bytes at the beginning may be the end of a secret that began in bytes that are lost. */
export function doubtfulStart(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length && !endsWord(bytes[at])) at++
  return at
}

/** White space and quotes: no key has them. */
function endsWord(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === 0x22
}
