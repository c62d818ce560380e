import type { ProtocolName } from '../../core/protocol-name.ts'
import type { TokenCounts } from '../ports.ts'
import { byBytes, type Counted, lesser } from './counted.ts'

export interface CountedRequest {
  protocol: ProtocolName
  model: string
  stream: boolean
  counts: boolean
  body: Uint8Array
}

/** Counts a request, from the moment that it is sent. */
export class PromptCount {
  readonly settled: Promise<void>
  readonly #bytes: number
  readonly #encoding: ReturnType<TokenCounts['encodingOf']>
  #found: Awaited<ReturnType<TokenCounts['request']>> = null

  constructor(counts: TokenCounts, request: CountedRequest) {
    this.#bytes = request.body.length
    this.#encoding = counts.encodingOf(request.model)
    this.settled = counts.request(request).then((found) => {
      this.#found = found
    })
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

  /** Null where the request could not be read in time. */
  get toolErrors(): number | null {
    return this.#found?.toolErrors ?? null
  }
}
