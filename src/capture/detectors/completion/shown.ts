import { type Event, isContent } from '../../../core/event.ts'
import type { AnswerReading } from '../../view/reading.ts'

/** Whether there is anything in an answer that a client can show or run. Thoughts are not. */
export function showsSomething({ events }: AnswerReading): boolean {
  return events.some(({ event }) => isShown(event))
}

function isShown(event: Event): boolean {
  if (event.type === 'text') return event.text.trim() !== ''
  // What the provider looked up is no answer before words say what it found.
  if (event.type === 'server_tool') return event.text.trim() !== ''
  if (event.type === 'citation') return false
  if (event.type === 'content') return !event.kind.startsWith('reasoning')
  return isContent(event) && event.type !== 'reasoning' && event.type !== 'state'
}

export function hasThoughts({ events }: AnswerReading): boolean {
  return events.some(
    ({ event }) =>
      event.type === 'reasoning' || (event.type === 'state' && event.state.kind !== 'thought_signature'),
  )
}
