import type { ProtocolName } from '../../core/protocol-name.ts'
import type { SeenPrompt } from '../drift/comparison.ts'
import type { CountedRequest as CountedByUs, PromptView, TokenCounts } from '../ports.ts'
import { byBytes, type Counted, lesser } from './counted.ts'
import { isOfKnownTokens } from './known-tokens.ts'

export interface CountedRequest {
  protocol: ProtocolName
  model: string
  stream: boolean
  counts: boolean
  body: Uint8Array
}

/** Counts a request, from the moment that it is sent. */
export class PromptCount {
  readonly #bytes: number
  readonly #encoding: ReturnType<TokenCounts['encodingOf']>
  #found: CountedByUs | null = null
  #isSettled = false
  #onSettled: (() => void) | null = null

  constructor(counts: TokenCounts, request: CountedRequest) {
    this.#bytes = request.body.length
    this.#encoding = counts.encodingOf(request.model)
    void counts.request(request).then((found) => {
      this.#found = found
      this.#isSettled = true
      this.#onSettled?.()
    })
  }

  /** Calls back when it has been counted. Both sides may ask where they are one count. */
  settle(done: () => void): void {
    const before = this.#onSettled
    if (this.#isSettled) return done()
    this.#onSettled = () => {
      before?.()
      done()
    }
  }

  get counted(): Counted {
    if (this.#found === null) return byBytes(this.#bytes)
    const { tokens, estimatedParts } = this.#found
    const { method, factor } = this.#encoding
    return {
      tokens: Math.round(tokens * factor),
      method: lesser(method, estimatedParts > 0 ? 'approximate' : 'tokenizer'),
    }
  }

  /** For the drift alarm: null where the provider may read, or do, what is not in the request, or it is not counted. */
  get view(): PromptView | null {
    return this.#found?.view ?? null
  }

  /** The same of its tokens: also null with media, or in a writing whose tokens we do not know. */
  get seen(): SeenPrompt | null {
    const { tokens = 0, estimatedParts = 0, view = null } = this.#found ?? {}
    const { method, factor } = this.#encoding
    if (view === null || estimatedParts > 0 || !isOfKnownTokens(this.#encoding, view.foreignShare))
      return null
    return { least: view.sureTokens * factor, most: tokens * factor + view.frameTokens, method }
  }

  /** Null where the request could not be read in time. */
  get toolErrors(): number | null {
    return this.#found?.toolErrors ?? null
  }
}
