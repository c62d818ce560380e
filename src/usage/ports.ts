import type { ProtocolName } from '../core/protocol-name.ts'

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
  }): Promise<{ tokens: number; estimatedParts: number; toolErrors: number } | null>
  /** How a model's tokens come from our tokenizer's. */
  encodingOf(model: string): { method: 'tokenizer' | 'approximate'; factor: number }
  /** Names the tokenizer and its table of factors. */
  version: string
}
