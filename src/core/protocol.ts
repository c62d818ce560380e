import type { Answer } from './answer.ts'
import type { Call, CallFacts } from './call.ts'
import type { ProxyError } from './errors.ts'
import type { Event } from './event.ts'
import type { HttpAnswer } from './http.ts'
import type { Json, JsonObject } from './json.ts'
import type { LossName, LostItem } from './losses.ts'
import type { ProtocolName } from './protocol-name.ts'

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
  streamDecoder(framing: StreamFraming): ElementDecoder
  /** The events of a whole answer's body (status 2xx); an empty list when it is not of this shape. */
  decodeAnswer(body: Json): Event[]
  /** What a provider said in an error body of this protocol (or a vendor's dialect of it). */
  decodeError(body: Json): ReportedError | undefined
  /** The error as this protocol's clients expect it. */
  encodeError(error: ProxyError, exchangeId: string): HttpAnswer
  /** The same inside a stream that has begun: complete blocks of its framing, to be followed by nothing. */
  encodeStreamError(error: ProxyError, place: StreamPlace): string

  /**
   * A client's request in canonical words; loses nothing that another protocol could carry. Throws `bad_request`
   * with `param` for what cannot be understood.
   */
  decodeRequest(body: JsonObject, place: RequestPlace): Call
  /** The same call in this protocol, for a backend. Deterministic. What it cannot say is in `lost`. */
  encodeRequest(call: Call, target: TranslationTarget): EncodedRequest
  /** A whole answer for a client of this protocol. */
  encodeAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer
  /** A streamed answer for a client of this protocol. */
  streamEncoder(about: AnswerAbout): StreamEncoder
  /** What this protocol's own requests call a loss's parameter, where that is not the loss's name. */
  paramNames: Readonly<Partial<Record<LossName, string>>>
  /** The path of the generation route, version included: `/v1/messages`. `query` with its `?`. */
  generation(model: string, stream: boolean): { path: string; query: string }
  /** How its providers count a request's tokens; null where none does. */
  tokenCounting: TokenCounting | null
}

/** What the path of a request says beside its body (Gemini's model and method). */
export interface RequestPlace {
  model: string
  stream: boolean
}

/** For whom a request is encoded. */
export interface TranslationTarget {
  /** The preset's type (`deepseek`): its followers take a protocol each in their own way. */
  backendType: string
  model: string
  /** openai-chat: ask for the usage chunk. */
  askForUsage: boolean
}

export interface EncodedRequest {
  body: JsonObject
  lost: readonly LostItem[]
  edits: AnswerEdits
}

/** What must be undone in an answer, because the request had to be said in another way. */
export interface AnswerEdits {
  /** The tool's name at the backend → the client's. */
  toolNames: Readonly<Record<string, string>>
  /** Custom tools that were offered as functions with the one string `input`. By the client's name. */
  wrappedTools: readonly string[]
  /** The tool that was forced for the sake of its schema: its arguments are the answer's text. */
  answerTool: string | null
}

/** For whom an answer is encoded, and where it came from. */
export interface AnswerAbout {
  exchangeId: string
  /** Seconds since 1970. */
  createdS: number
  /** The backend's protocol and model: the reasoning state of the answer is theirs. */
  source: { protocol: ProtocolName; model: string }
  call: CallFacts
  framing: StreamFraming
}

export interface EncodedAnswer {
  body: JsonObject
  lost: readonly LostItem[]
}

/**
 * Writes one streamed answer. Each call returns whole blocks of the framing, '' for none. `error` events never
 * reach it: the caller ends the stream with `fail`.
 */
export interface StreamEncoder {
  push(events: readonly Event[]): string
  /** The answer is complete: whatever the grammar still wants, the usage and the terminal event. */
  end(): string
  /** It ends with this error instead; nothing may follow. */
  fail(error: ProxyError): string
  readonly lost: readonly LostItem[]
}

/** How the token-counting route of a protocol is spoken, for clients and for backends. */
export interface TokenCounting {
  /** `/v1/messages/count_tokens` */
  path(model: string): string
  /** The generation request within a client's counting request. */
  requestOf(body: JsonObject): JsonObject
  /** The counting request of an encoded generation request. */
  bodyOf(encoded: JsonObject, model: string): JsonObject
  /** Undefined when the body is no count. */
  read(body: Json): number | undefined
  encode(tokens: number): JsonObject
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
  /** Nothing more of the answer can come, not even its usage: the framing's or the protocol's very last word. */
  readonly complete: boolean
  /** What has passed ends in a blank line, so that a comment may be put here. */
  readonly betweenBlocks: boolean
  readonly eventsSeen: number
  readonly lastSequence: number | undefined
}

/** For who has cut and parsed a stream already: in place of its bytes. */
export interface ElementDecoder extends StreamDecoder {
  /**
   * The events of one element: an SSE block with data, whose name is '' without one. `json` undefined: `text` is none.
   * `whole` false: the end of the stream may have cut it.
   */
  element(name: string, text: string, json: Json | undefined, whole: boolean): Event[]
}
