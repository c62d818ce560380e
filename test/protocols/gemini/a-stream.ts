import type { Event } from '../../../src/core/event.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'
import { utf8 } from '../../support/chunking.ts'

/** What our decoder reads in these chunks. */
export function stream(...chunks: JsonObject[]): { events: Event[]; terminal: boolean } {
  const decoder = gemini.streamDecoder('sse')
  const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('')
  return { events: decoder.push(utf8(text)), terminal: decoder.terminal }
}

/** A chunk of the first candidate. */
export const parts = (list: Json[], rest: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: 'model', parts: list }, index: 0, ...rest }],
})
