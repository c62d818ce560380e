import type { Event } from '../../core/event.ts'
import { isObject, type Json } from '../../core/json.ts'
import { hasSubstance } from '../substance.ts'
import { ChatReader } from './stream.ts'

/** A whole `chat.completion`; empty when the body is none. */
export function decodeChatAnswer(body: Json): Event[] {
  if (!isObject(body) || (!Array.isArray(body.choices) && !hasSubstance(body.error))) return []
  const events: Event[] = []
  const reader = new ChatReader()
  reader.read(body, '', events)
  // A whole answer is at its end, whether or not it names a reason: Snowflake names none.
  reader.done(events)
  return events
}
