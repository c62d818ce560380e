import type { ProxyError } from './errors.ts'
import type { Event } from './event.ts'
import type { HttpAnswer } from './http.ts'
import type { Json, JsonObject } from './json.ts'

export const protocolNames = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
export type ProtocolName = (typeof protocolNames)[number]

/** The providers that a protocol's clients speak to when nobody routes them elsewhere. */
export type ProviderFamily = 'openai' | 'anthropic' | 'gemini'

/** How a streamed answer is framed: server-sent events, or Gemini's one JSON array. */
export type StreamFraming = 'sse' | 'json-array'

/** One wire format. Each lives in its own folder of `protocols/`; `protocols/index.ts` lists them. */
export interface Protocol {
  name: ProtocolName
  family: ProviderFamily
  /**
   * What must be known of a request before it is sent on. Only looks, and tolerates every shape that a
   * provider may accept: an unexpected field is the provider's to judge.
   */
  readRequest(body: JsonObject): RequestFacts
  /** A decoder for one streamed answer; any chunking, CRLF, split UTF-8. */
  streamDecoder(framing: StreamFraming): StreamDecoder
  /** The events of a whole answer's body (status 2xx); an empty list when it is not of this shape. */
  decodeAnswer(body: Json): Event[]
  /** What a provider said in an error body of this protocol (or a vendor's dialect of it). */
  decodeError(body: Json): ReportedError | undefined
  /** The error as this protocol's clients expect it. */
  encodeError(error: ProxyError, exchangeId: string): HttpAnswer
  /** The same inside a stream that has begun: complete blocks of its framing, to be followed by nothing. */
  encodeStreamError(error: ProxyError, place: StreamPlace): string
}

/** Where in a stream an error event has to fit. */
export interface StreamPlace {
  framing: StreamFraming
  exchangeId: string
  /** How many elements or events were passed on, for arrays' commas and sequence numbers. */
  eventsPassed: number
  /** The last sequence number passed on (openai-responses), else undefined. */
  lastSequence: number | undefined
}

export interface RequestFacts {
  /** The model in the body; null where the protocol has it in the path, or it is missing. */
  model: string | null
  /** Whether the body asks for a stream; false where the protocol says so in the path. */
  stream: boolean
  /** openai-chat: whether the client itself asked for the usage chunk. True where there is no such option. */
  asksForUsage: boolean
  /** The conversation, system prompt first, in the client's order. `answer`: written by the model. */
  conversation: readonly { answer: boolean; item: Json }[]
  /** The client's own words for the conversation or user, where the protocol has a place for them. */
  userId: string | null
  promptCacheKey: string | null
  /** Names of the tools offered, to recognise clients by. */
  toolNames: readonly string[]
  /** The beginning of the system prompt (at most 200 characters), to recognise clients by. */
  systemStart: string
}

export interface ReportedError {
  message: string
  type: string | null
  code: string | null
  param: string | null
  /** An HTTP status that the body itself names or implies, for errors inside a 200 stream. */
  status: number | null
  retryAfterMs: number | null
}

/** Reads one streamed answer beside its bytes. Never throws: what it cannot read is an `unknown` event. */
export interface StreamDecoder {
  /** The events that these bytes complete. Bytes are only looked at. */
  push(bytes: Uint8Array): Event[]
  /** No more bytes will come: the events that only the end completes. */
  end(): Event[]
  /** The protocol's terminal event has been seen (`spec/protocols.md`, "Terminal is"). */
  readonly terminal: boolean
  /** What has passed ends in a blank line, so that a comment may be put here. */
  readonly betweenBlocks: boolean
  readonly eventsSeen: number
  readonly lastSequence: number | undefined
}
