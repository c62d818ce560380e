/** In UTF-16 units. Merging byte pairs takes time that grows with the square of a run without a word's end. */
export const longestPiece = 512

const ofWord = /[\p{L}\p{N}]/u
/** Marks belong to the word before them, an apostrophe may begin `'s`, half a surrogate pair may be a letter's. */
const mayGoOnWord = /[\p{L}\p{N}\p{M}\p{Cs}']/u

/**
 * Cuts a text into pieces of at most `longestPiece`, so that counting takes time in proportion to its length. No
 * token reaches beyond the end of a word, so cuts are made there and change no count; a run without one (one letter
 * 200,000 times) is cut where the piece is full, and may count a token more for each cut.
 */
export function* pieces(text: string): Generator<string> {
  let start = 0
  while (text.length - start > longestPiece) {
    const end = cutBefore(text, start + longestPiece)
    yield text.slice(start, end)
    start = end
  }
  if (start < text.length) yield text.slice(start)
}

/** The last end of a word in the half piece before `full`; where there is none, `full`, but no pair is split. */
function cutBefore(text: string, full: number): number {
  for (let at = full; at > full - longestPiece / 2; at--) {
    if (ofWord.test(text.charAt(at - 1)) && !mayGoOnWord.test(text.charAt(at))) return at
  }
  return splitsPair(text, full) ? full - 1 : full
}

function splitsPair(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at))
}
