import type { Event } from '../../core/event.ts'
import { isObject, type Json } from '../../core/json.ts'
import { hasSubstance } from '../substance.ts'
import { ResponsesReader } from './stream.ts'

/** A whole response (also a compaction, which has the same parts); empty when the body is none. */
export function decodeResponsesAnswer(body: Json): Event[] {
  if (!isObject(body)) return []
  const events: Event[] = []
  const reader = new ResponsesReader()
  if (!Array.isArray(body.output)) {
    if (hasSubstance(body.error)) reader.fail(body, events)
    return events
  }
  reader.begin(body, events)
  reader.complete(body, '', events)
  return events
}
