import type { Event } from '../core/event.ts'
import type { Attempt, Exchange } from '../core/exchange.ts'
import { isDecoded } from './outcomes.ts'

/** English prose and code have about so many characters a token; a tokenizer would cost more than all the rest. */
const charactersPerToken = 4

/** What an event adds to the answer, in characters; of media and of what cannot be read nothing is known. */
export function charactersOf(event: Event): number {
  switch (event.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return event.text.length
    case 'tool_call':
      return event.arguments.length + (event.name?.length ?? 0)
    default:
      return 0
  }
}

/** Whether a reader sees something of it: thoughts are none. */
export function isVisible(event: Event): boolean {
  switch (event.type) {
    case 'text':
    case 'refusal':
      return event.text.length > 0
    case 'tool_call':
    case 'media':
    case 'citation':
    case 'server_tool':
    case 'content':
      return true
    default:
      return false
  }
}

export function tokensOf(characters: number): number {
  return characters / charactersPerToken
}

/** The report is on the whole answer: one that comes before the end may be of its beginning. */
export function isReported({ usage, stop }: Attempt, stream: boolean): boolean {
  return usage?.completionTokens !== undefined && (stop !== null || !stream)
}

/** Output tokens so far: reported, else estimated; null where the answer is not read. */
export function outputTokens(exchange: Exchange, characters: number, hasEvents: boolean): number | null {
  const attempt = exchange.attempts.at(-1)
  if (!isDecoded(exchange)) return null
  if (!attempt) return 0
  const reported = attempt.usage?.completionTokens ?? 0
  if (isReported(attempt, exchange.stream)) return reported
  // Bytes that nothing was read of: in an encoding that we do not know, or a whole answer that is not here yet.
  if (!hasEvents && attempt.lastByteNs !== null) return null
  return Math.max(reported, Math.round(tokensOf(characters)))
}
