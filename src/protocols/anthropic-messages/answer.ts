import type { Event } from '../../core/event.ts'
import { isObject, type Json } from '../../core/json.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { filled, hasSubstance } from '../substance.ts'
import { ContentBlocks } from './content-blocks.ts'
import { messageEnd } from './stream.ts'
import { readMessageUsage } from './usage.ts'

/** A whole message; empty when the body is none. */
export function decodeMessageAnswer(body: Json): Event[] {
  if (!isObject(body)) return []
  if (hasSubstance(body.error)) return [errorEvent(readReportedError(body))]
  if (!Array.isArray(body.content)) return []
  const id = filled(body.id)
  const model = filled(body.model)
  const events: Event[] = [
    { type: 'start', ...(id !== undefined && { id }), ...(model !== undefined && { model }) },
  ]
  const blocks = new ContentBlocks()
  for (const [index, block] of body.content.entries()) blocks.whole(block, index, events)
  const usage = readMessageUsage(body.usage)
  if (usage !== undefined) events.push({ type: 'usage', usage })
  events.push(messageEnd(filled(body.stop_reason) ?? '', filled(body.stop_sequence), blocks.toolCalled))
  return events
}
