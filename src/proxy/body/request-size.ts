import type { AssistantPart, Call, Message, Source, ToolResultPart, UserPart } from '../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { protocolNamed } from '../../protocols/index.ts'

/** The most that a request can come to, as far as it can be told before anybody has counted it. */
export interface RequestSize {
  promptTokens: number
  /** Of these, tokens of sound. */
  audioTokens: number
  /** The request's own limit for one answer; null: it sets none. */
  maxOutputTokens: number | null
  /** How many answers are asked for. */
  choices: number
  /** The answer may be spoken. */
  speaks: boolean
  serviceTier: string | null
  /** Some of the prompt may be written to a cache for an hour, which costs more than reading it. */
  cachesForAnHour: boolean
}

/** Text makes at most a token of two bytes: 4 is usual for English, 3 for code, 2 to 3 for a JSON body of another script. */
const bytesPerToken = 2
/** What providers add around tools. */
const toolsTokens = 1_000
/** Claude takes up to 4,784 tokens for a picture, Gemini 2,240, GPT with `detail: original` up to 10,000, others fewer. */
const imageTokens = 5_000
/** Sound and film are counted by their seconds; 32 tokens a second at 25 kbit/s is one token of 100 bytes. */
const bytesPerMediaToken = 100
/** Of all that a request only names: an earlier answer, a conversation, a file, a page, what a search will find. */
const elsewhereTokens = 100_000

/** `body` has been parsed from `bytes`. What this protocol's reader does not understand counts by its bytes. */
export function requestSize(protocol: ProtocolName, body: JsonObject, bytes: Buffer): RequestSize {
  const call = readCall(protocol, body)
  const media = call === null ? [] : mediaOf(call).map(mediaSize)
  const sum = (of: (size: MediaSize) => number) => media.reduce((total, size) => total + of(size), 0)
  const text = Math.ceil(Math.max(0, bytes.length - sum(({ bytes: own }) => own)) / bytesPerToken)
  const tools = call === null || call.tools.length > 0 ? toolsTokens : 0
  const elsewhere = call !== null && namesElsewhere(call) ? elsewhereTokens : 0
  return {
    promptTokens: text + sum(({ tokens }) => tokens) + tools + elsewhere,
    audioTokens: sum(({ audioTokens }) => audioTokens),
    maxOutputTokens: count(call?.maxOutputTokens),
    choices: Math.max(1, count(call?.choices) ?? 1),
    speaks: call?.special.some(({ loss }) => loss === 'audio_output') ?? false,
    serviceTier: call?.serviceTier ?? null,
    cachesForAnHour: hasText(body, '1h'),
  }
}

/** Null where this protocol cannot read it; its own provider may still take it. */
function readCall(protocol: ProtocolName, body: JsonObject): Call | null {
  try {
    return protocolNamed(protocol).decodeRequest(body, { model: '', stream: false })
  } catch {
    return null
  }
}

type Part = UserPart | AssistantPart | ToolResultPart['content'][number]
type Media = Extract<Part, { type: 'image' | 'document' | 'audio' | 'video' | 'media' }>

interface MediaSize {
  /** Of the body, that are not text. */
  bytes: number
  tokens: number
  audioTokens: number
}

function partsOf({ messages }: Call): Part[] {
  return messages
    .flatMap((message: Message): readonly Part[] => message.parts)
    .flatMap((part) => (part.type === 'tool_result' ? part.content : [part]))
}

const mediaTypes: ReadonlySet<Part['type']> = new Set(['image', 'document', 'audio', 'video', 'media'])

function mediaOf(call: Call): Media[] {
  return partsOf(call).filter((part): part is Media => mediaTypes.has(part.type))
}

function mediaSize(part: Media): MediaSize {
  const base64 = part.type === 'media' ? part.data.length : base64Length(part.source)
  const type = part.type === 'media' ? (part.mediaType.split('/')[0] ?? '') : part.type
  if (type === 'image') return { bytes: base64, tokens: imageTokens, audioTokens: 0 }
  const decoded = Math.ceil(base64 * 0.75)
  // How many pages a document has is not known: it counts as if it were text.
  if (type === 'document')
    return { bytes: base64, tokens: Math.ceil(decoded / bytesPerToken), audioTokens: 0 }
  const tokens = Math.ceil(decoded / bytesPerMediaToken)
  return { bytes: base64, tokens, audioTokens: type === 'audio' ? tokens : 0 }
}

function base64Length(source: Source): number {
  return source.kind === 'base64' ? source.data.length : 0
}

/** A picture that is elsewhere counts as one that is here. */
function namesElsewhere(call: Call): boolean {
  if (call.previousResponseId !== null || call.tools.some(({ type }) => type === 'server')) return true
  if (call.special.some(({ loss }) => loss === 'stored_state')) return true
  return mediaOf(call).some(
    (part) =>
      part.type !== 'image' &&
      part.type !== 'media' &&
      (part.source.kind === 'url' || part.source.kind === 'file'),
  )
}

/** How deep it nests has been looked at before. */
function hasText(value: Json | undefined, text: string): boolean {
  if (value === text) return true
  if (Array.isArray(value)) return value.some((item) => hasText(item, text))
  return isObject(value) && Object.values(value).some((item) => hasText(item, text))
}

/** 0 and less mean no limit to some local servers. */
function count(value: number | null | undefined): number | null {
  return typeof value === 'number' && value > 0 ? Math.ceil(value) : null
}
