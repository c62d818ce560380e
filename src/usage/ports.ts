import type { ProtocolName } from '../core/protocol-name.ts'

export interface CountedRequest {
  tokens: number
  /** Parts that are no text, counted by rule of thumb or not at all. */
  estimatedParts: number
  toolErrors: number
  /** What a provider's count of it can be held against; null where the provider may read what is not in it. */
  view: PromptView | null
}

export interface PromptView {
  /** Of what every provider counts alike. */
  sureTokens: number
  /** At most so many of the provider's own tokens stand around what was counted. */
  frameTokens: number
  /** 0: English and code; near 1: writing without Latin letters. */
  foreignShare: number
  wantsThoughts: boolean
}

/** What the ledger needs of the part that counts tokens. */
export interface TokenCounts {
  /** Tokens of each text by our tokenizer; null when they could not be counted in time. */
  texts(texts: readonly string[]): Promise<readonly number[] | null>
  /** The same of a request's body, which is copied at once. */
  request(request: {
    protocol: ProtocolName
    model: string
    stream: boolean
    /** It is itself a request for a count. */
    counts: boolean
    body: Uint8Array
  }): Promise<CountedRequest | null>
  /** How a model's tokens come from our tokenizer's. */
  encodingOf(model: string): { method: 'tokenizer' | 'approximate'; factor: number }
  /** Names the tokenizer and its table of factors. */
  version: string
}
