import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, objectAt } from '../../core/json.ts'
import { hasSubstance } from '../substance.ts'
import { GeminiReader } from './stream.ts'

/** A whole `GenerateContentResponse`, or the array of them that a stream without `alt=sse` is; empty for anything else. */
export function decodeGeminiAnswer(body: Json): Event[] {
  const chunks = (Array.isArray(body) ? body : [body]).filter(isAnswer)
  if (chunks.length === 0) return []
  const events: Event[] = []
  const reader = new GeminiReader()
  for (const chunk of chunks) reader.read(chunk, '', events)
  reader.done(events)
  return events
}

function isAnswer(chunk: Json): chunk is JsonObject {
  if (!isObject(chunk)) return false
  return (
    Array.isArray(chunk.candidates) ||
    objectAt(chunk, 'promptFeedback') !== undefined ||
    objectAt(chunk, 'usageMetadata') !== undefined ||
    hasSubstance(chunk.error)
  )
}
