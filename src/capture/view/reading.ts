import type { Answer } from '../../core/answer.ts'
import type { Call } from '../../core/call.ts'
import type { Event } from '../../core/event.ts'
import type { Json } from '../../core/json.ts'
import type { Placed } from './read-body.ts'

/** Where in a leg something stands: its first byte's offset in the joined body, the entry of that byte, and when it came. */
export interface Spot {
  offset: number
  entry: number
  atNs: number
}

/** One block of server-sent events, or one element of Gemini's JSON array. */
export interface RawEvent extends Spot {
  /** The `event:` field; null without one. */
  name: string | null
  /** The `data:` lines joined by line feeds; '' without one. */
  data: string
  /** Parsed; undefined where `data` is no JSON. `[DONE]` is no JSON. */
  json: Json | undefined
  /** A block of comments only (keep-alive). */
  isComment: boolean
  /** It ended in a blank line (or its comma or bracket); false only for what the end of the leg cut. */
  isWhole: boolean
}

export interface DecodedEvent extends Spot {
  event: Event
}

/** An answer leg as its protocol reads it. Nothing here throws, whatever the bytes are. */
export interface AnswerReading {
  isStream: boolean
  /** Of streams. */
  raw: readonly RawEvent[]
  /** By the protocol's own decoder, of streams and whole answers. */
  events: readonly DecodedEvent[]
  /** The types that its events have. */
  kinds: ReadonlySet<Event['type']>
  /** The first event that is content, the end or an error. */
  firstWord: DecodedEvent | null
  /** Of a whole answer; undefined where it is no JSON. */
  json: Json | undefined
  text: string
  /** The body was valid UTF-8. */
  isUtf8: boolean
  /** Folded from the events: the message that a client would have. Null for errors and for what cannot be read. */
  answer: Answer | null
  /** Its protocol's terminal rule holds (reference §4.1, T): it is complete by its own words. */
  isTerminated: boolean
  /** An error in it, by status, body or event. */
  error: { message: string; type: string | null; code: string | null; status: number | null; at: Spot } | null
  /** Whoever looked at all of it is done: what takes much room is read again if it is asked for again. */
  rest(): void
}

/** A request leg as its protocol reads it. */
export interface RequestReading {
  json: Json | undefined
  /** Objects in its lists, and where in the body each stands, as far as that is known. */
  placed: readonly Placed[]
  /** In canonical words; null where it cannot be decoded. */
  call: Call | null
  /** Of the call. */
  model: string | null
  /** As of an answer. */
  rest(): void
}
