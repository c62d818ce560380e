export const protocols = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
export type Protocol = (typeof protocols)[number]

/** What an exchange is to live through. */
export type Kind =
  | 'whole'
  | 'stream'
  | 'refused'
  | 'all targets fail'
  | 'failover'
  | 'asked again'
  | 'left before the head'
  | 'left before content'
  | 'left after output'
  | 'left and read on'
  | 'timeout'
  | 'broken off'
  | 'error event'
  | 'rejected'

/** How a provider's part ends. `hang`: it says nothing more, until the other side has gone. */
export type Deed = 'answer' | 'refuse' | 'cut' | 'end early' | 'error event' | 'hang'
/** How far it comes before that. Nothing but a stream has a moment between head and content. */
export type Moment = 'before the head' | 'before content' | 'after output'

/**
 * What an answer took, each token in one place: `fresh` was neither read from nor written to a cache, `visible` is
 * the answer, `reasoning` what was thought. `nanoUsd` is for providers that name a price.
 */
export interface Amounts {
  fresh: number
  cacheRead: number
  cacheWrite: number
  cacheWriteHour: number
  visible: number
  reasoning: number
  nanoUsd?: number
}

export interface ToolCall {
  name: string
  arguments: Record<string, string>
}

/** The part of one provider in one attempt. */
export interface Part {
  backend: string
  model: string
  /** The name that the provider gives the model in its answers. */
  answersAs: string
  /** OpenAI's cheaper tier, told in answers. */
  flex: boolean
  deed: Deed
  moment: Moment
  /** Of a refusal. */
  status: number
  /** Of a refusal with 429; default: at once. */
  retryAfterSeconds?: number
  pieces: readonly string[]
  /** A stream that is to wait, for its client or for ever, waits after so many of them. */
  piecesBeforeWait: number
  calls: readonly ToolCall[]
  /** Null: it reports no usage. */
  amounts: Amounts | null
}

export interface ExchangePlan {
  /** Stands in the prompt, so that a provider knows which exchange an attempt belongs to. */
  id: string
  kind: Kind
  client: Protocol
  stream: boolean
  /** Gemini's streams are server-sent events or one array. */
  asArray: boolean
  prompt: string
  parts: readonly Part[]
  /** The client leaves once the provider has come to the last part's moment. */
  leaves: boolean
  /** The proxy reads on after that. */
  readsOn: boolean
}

/** The last word of what a provider says before it waits: a client that has read it has read everything. */
export function lastWordOf(id: string): string {
  return `lastof${id}`
}
