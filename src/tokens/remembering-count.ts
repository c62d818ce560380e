import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { pieces } from './pieces.ts'

/** About 150 bytes each: the messages of a hundred long conversations. */
const rememberedTexts = 20_000
/** A shorter text is counted in the time that hashing it takes. */
const worthRemembering = 64

/**
 * Counts a text piece by piece, and a text that it has seen from memory: an agent sends its whole conversation
 * with each turn. Texts are remembered by hash, so nothing of them is kept.
 */
export function rememberingCount(countPiece: (piece: string) => number): (text: string) => number {
  const counts = new LRUCache<string, number>({ max: rememberedTexts })

  function count(text: string): number {
    let tokens = 0
    for (const piece of pieces(text)) tokens += countPiece(piece)
    return tokens
  }

  return (text) => {
    if (text.length < worthRemembering) return count(text)
    const key = hash('sha256', text, 'base64url')
    const known = counts.get(key)
    if (known !== undefined) return known
    const tokens = count(text)
    counts.set(key, tokens)
    return tokens
  }
}
