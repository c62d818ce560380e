import type { Citation } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'

/**
 * `groundingMetadata`, where Gemini's clients look for sources: what is on the web, and what else was read. Stretches
 * of the text are counted in UTF-8 bytes. `text`: the answer's, as far as it is known.
 */
export function groundingOf(
  citations: readonly Citation[],
  text: string,
  lost: Lost<'answer', 'gemini'>,
): { groundingMetadata?: JsonObject } {
  const groundingChunks: JsonObject[] = []
  const indexes = new Map<string, number>()
  const groundingSupports: JsonObject[] = []
  for (const citation of citations) {
    const chunk = chunkOf(citation)
    if (chunk === undefined) {
      lost.lose('answer_citation')
      continue
    }
    const key = JSON.stringify(chunk)
    const index = indexes.get(key) ?? groundingChunks.push(chunk) - 1
    indexes.set(key, index)
    const segment = segmentOf(citation, text)
    if (segment) groundingSupports.push({ segment, groundingChunkIndices: [index] })
  }
  if (groundingChunks.length === 0) return {}
  return { groundingMetadata: { groundingChunks, groundingSupports } }
}

function chunkOf({ url, title, quote }: Citation): JsonObject | undefined {
  if (url !== null) return { web: { uri: url, ...(title !== null && { title }) } }
  if (title === null && quote === null) return undefined
  return { retrievedContext: { ...(title !== null && { title }), ...(quote !== null && { text: quote }) } }
}

function segmentOf({ start, end }: Citation, text: string): JsonObject | undefined {
  if (end === null || end > text.length) return undefined
  const from = start ?? 0
  return {
    startIndex: Buffer.byteLength(text.slice(0, from)),
    endIndex: Buffer.byteLength(text.slice(0, end)),
    text: text.slice(from, end),
  }
}
