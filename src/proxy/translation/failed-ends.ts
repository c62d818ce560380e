import type { Event } from '../../core/event.ts'
import type { StreamDecoder } from '../../core/protocol.ts'

/**
 * An answer that ended because something went wrong (Gemini's MALFORMED_FUNCTION_CALL, a follower's `error`) as the
 * error that it is: other protocols have no word for such an end, and as a plain stop it would pass for a success.
 */
export function failedEnds(events: readonly Event[]): Event[] {
  return events.map((event) => (event.type === 'end' && event.reason === 'error' ? asError(event) : event))
}

/** The same for a stream. */
export function strictDecoder(decoder: StreamDecoder): StreamDecoder {
  return {
    push: (bytes) => failedEnds(decoder.push(bytes)),
    end: () => failedEnds(decoder.end()),
    get terminal() {
      return decoder.terminal
    },
    get complete() {
      return decoder.complete
    },
    get betweenBlocks() {
      return decoder.betweenBlocks
    },
    get eventsSeen() {
      return decoder.eventsSeen
    },
    get lastSequence() {
      return decoder.lastSequence
    },
  }
}

function asError({ raw }: Extract<Event, { type: 'end' }>): Event {
  const message = `the model's answer ended with ${raw === '' ? 'an error' : raw}`
  return { type: 'error', message, errorType: null, code: null, status: 502, retryAfterMs: null }
}
