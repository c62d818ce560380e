/** The demo's tokens: runs of letters and digits, and single marks. Deterministic, and near enough to real counts. */
export function countTokens(texts: readonly string[]): number {
  let count = 0
  for (const text of texts) for (const _ of text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)) count++
  return count
}

/** Text in the pieces in which it is streamed: words, each with the space before it. */
export function wordPieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? []
}
