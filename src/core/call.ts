import type { Json, JsonObject } from './json.ts'
import type { LossName } from './losses.ts'
import type { ProtocolName } from './protocol-name.ts'

/**
 * A client's request in no protocol's words: what any of the four can say, and nothing of how it says it.
 * `null` is what the client left out. Decoded from one protocol, encoded for another.
 */
export interface Call {
  model: string
  stream: boolean
  /** In the client's order. The leading ones of role `system` are the system prompt. */
  messages: Message[]
  tools: Tool[]
  toolChoice: ToolChoice | null
  parallelToolCalls: boolean | null
  output: OutputFormat | null
  maxOutputTokens: number | null
  temperature: number | null
  topP: number | null
  topK: number | null
  seed: number | null
  frequencyPenalty: number | null
  presencePenalty: number | null
  stop: string[]
  /** How many alternative answers are asked for. */
  choices: number | null
  /** `top`: alternatives per token. */
  logprobs: { top: number } | null
  reasoning: ReasoningWish | null
  verbosity: string | null
  userId: string | null
  metadata: Record<string, string> | null
  serviceTier: string | null
  store: boolean | null
  promptCacheKey: string | null
  /** openai-chat: the client asked for the usage chunk; true where the protocol always tells. */
  usageAsked: boolean
  previousResponseId: string | null
  /**
   * What the request asks for that only its own protocol has, or that no part of this type holds: each is lost
   * everywhere else. `param`: where it stands in the client's request.
   */
  special: readonly { loss: LossName; param: string }[]
}

/** What an answer's encoder may know of its call. */
export type CallFacts = Omit<Call, 'messages'>

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

export interface ReasoningWish {
  effort: Effort | null
  /** 0: off. */
  budgetTokens: number | null
  /** The model decides how much (Anthropic `adaptive`, Gemini -1). */
  adaptive: boolean
  /** Whether the client wants to read it; null leaves it to the provider. */
  visible: boolean | null
}

export type Message =
  | { role: 'system'; parts: TextPart[] }
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }

/** A place up to which the provider may cache the prompt. */
export interface CacheHint {
  ttl: '5m' | '1h' | null
}

export interface TextPart {
  type: 'text'
  text: string
  cache?: CacheHint
  /** Gemini ties some of its thoughts to a text. */
  state?: ReasoningState
  citations?: Citation[]
}

export type Source =
  /** `data` is base64. */
  | { kind: 'base64'; mediaType: string; data: string }
  | { kind: 'url'; url: string; mediaType: string | null }
  | { kind: 'text'; text: string }
  /** An upload at one provider. */
  | { kind: 'file'; id: string }

export interface ImagePart {
  type: 'image'
  source: Source
  detail?: string
  cache?: CacheHint
}

export interface DocumentPart {
  type: 'document'
  source: Source
  name?: string
  cache?: CacheHint
}

export interface AudioPart {
  type: 'audio'
  source: Source
}

export interface VideoPart {
  type: 'video'
  source: Source
}

export interface ToolResultPart {
  type: 'tool_result'
  /** The id of the call that it answers; '' where the protocol has none and no call fits. */
  callId: string
  /** The tool's name, where the protocol says it. */
  name?: string
  content: (TextPart | ImagePart | DocumentPart)[]
  isError: boolean
  cache?: CacheHint
}

/** Something that no other protocol can hold; `loss` says what, `param` where. */
export interface SpecialPart {
  type: 'special'
  loss: LossName
  param: string
  raw: Json
}

export type UserPart =
  | TextPart
  | ImagePart
  | DocumentPart
  | AudioPart
  | VideoPart
  | ToolResultPart
  | SpecialPart

export interface ToolCallPart {
  type: 'tool_call'
  id: string
  name: string
  /** JSON text of an object; of a custom tool's call its free text. Never empty: `{}`. */
  arguments: string
  custom?: true
  state?: ReasoningState
  cache?: CacheHint
}

export interface ReasoningPart {
  type: 'reasoning'
  /** '' where only the provider can read it. */
  text: string
  state?: ReasoningState
}

export interface RefusalPart {
  type: 'refusal'
  text: string
}

/** What the model made besides words. */
export interface MediaPart {
  type: 'media'
  mediaType: string
  /** base64 */
  data: string
  /** What is spoken in it, where the provider says. */
  transcript?: string
}

export type AssistantPart =
  | TextPart
  | ReasoningPart
  | RefusalPart
  | ToolCallPart
  | MediaPart
  | ImagePart
  | SpecialPart

/**
 * What only the model's own provider can read and wants back unchanged: Anthropic's signatures and redacted
 * thinking, OpenAI's encrypted reasoning, Gemini's thought signatures.
 */
export interface ReasoningState {
  protocol: ProtocolName
  /** The model that it came from; null for what the client's own protocol brought itself. */
  model: string | null
  kind: 'signature' | 'redacted' | 'encrypted' | 'thought_signature'
  data: string
}

export interface Citation {
  url: string | null
  title: string | null
  /** The source's words. */
  quote: string | null
  /** The cited stretch of the answer's text, in UTF-16 units from the start of the choice's whole text. */
  start: number | null
  end: number | null
}

export type Tool =
  | {
      type: 'function'
      /** With its namespace, where there is one: `NAMESPACE__NAME`. */
      name: string
      description: string | null
      /** JSON Schema; null: no parameters. */
      parameters: JsonObject | null
      strict: boolean | null
      namespace?: string
      cache?: CacheHint
    }
  /** Called with free text instead of JSON. */
  | { type: 'custom'; name: string; description: string | null; format: Json; namespace?: string }
  /** Run by the provider. `raw` is the tool as the client wrote it. */
  | { type: 'server'; kind: ServerToolKind; name: string; raw: JsonObject; search?: SearchOptions }

/** The kinds that more than one protocol has, and the rest. */
export type ServerToolKind = 'web_search' | 'web_fetch' | 'code_execution' | 'other'

export interface SearchOptions {
  allowedDomains: string[]
  blockedDomains: string[]
  maxUses: number | null
  userLocation: { city?: string; region?: string; country?: string; timezone?: string } | null
  contextSize: string | null
}

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  /** Some tool must be called. */
  | { type: 'required' }
  | { type: 'tool'; name: string }
  | { type: 'allowed'; mode: 'auto' | 'required'; names: string[] }

export type OutputFormat =
  /** Any JSON object. */
  | { type: 'json' }
  | {
      type: 'json_schema'
      name: string | null
      description: string | null
      schema: JsonObject
      strict: boolean | null
    }
