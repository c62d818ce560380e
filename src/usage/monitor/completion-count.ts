import type { Event } from '../../core/event.ts'
import type { SeenCompletion } from '../drift/comparison.ts'
import type { TokenCounts } from '../ports.ts'
import { Awaited } from './awaited.ts'
import { byBytes, type Counted, lesser } from './counted.ts'
import { isOfKnownTokens } from './known-tokens.ts'
import { PieceCount } from './piece-count.ts'

/**
 * The most that honest providers' recorded completions counted beyond their text (gpt-oss: 14 for its channels), and
 * for each call of a tool (Claude: 46).
 */
const frameTokens = 16
const callTokens = 50

/** Counts what a backend said while it says it. Thoughts are counted apart: not every report tells of them. */
export class CompletionCount {
  readonly #counts: TokenCounts
  readonly #model: string
  readonly #said: PieceCount
  #thoughts: PieceCount | null = null
  #calls = 0
  #hasMedia = false
  #hasThoughts = false
  #ranTools = false

  constructor(counts: TokenCounts, model: string) {
    this.#counts = counts
    this.#model = model
    this.#said = new PieceCount(counts)
  }

  take(event: Event): void {
    switch (event.type) {
      case 'text':
      case 'refusal':
        return this.#said.add(event.text)
      case 'tool_call':
        if (event.name) this.#calls++
        return this.#said.add((event.name ?? '') + event.arguments)
      case 'reasoning':
        this.#thoughts ??= new PieceCount(this.#counts)
        return this.#thoughts.add(event.text)
      case 'state':
        this.#hasThoughts = true
        return
      case 'media':
        this.#hasMedia = true
        return
      case 'server_tool':
      case 'content':
        this.#ranTools = true
    }
  }

  /** Calls back when all has been counted. */
  settle(done: () => void): void {
    const all = new Awaited(done)
    this.#said.settle(all.begin())
    this.#thoughts?.settle(all.begin())
    all.allBegun()
  }

  /** As far as it is known now; what still waits is reckoned by its bytes. */
  get counted(): Counted {
    const { method, factor } = this.#counts.encodingOf(this.#model)
    const uncounted = byBytes(this.#said.uncountedBytes + (this.#thoughts?.uncountedBytes ?? 0))
    const ours = lesser(method, this.#hasMedia ? 'approximate' : 'tokenizer')
    return {
      tokens: Math.round((this.#said.tokens + (this.#thoughts?.tokens ?? 0)) * factor) + uncounted.tokens,
      method: uncounted.tokens > 0 ? 'bytes' : ours,
    }
  }

  /** What the provider ran itself stands in neither what it was sent nor in what it said. */
  get ranTools(): boolean {
    return this.#ranTools
  }

  /** For the drift alarm; null where the text is not all that its tokens were used for, or is not counted. */
  get seen(): SeenCompletion | null {
    const encoding = this.#counts.encodingOf(this.#model)
    if (this.#hasMedia || this.#ranTools || this.#said.uncountedBytes > 0) return null
    if (!isOfKnownTokens(encoding, this.#said.foreignShare)) return null
    const least = this.#said.tokens * encoding.factor
    const most = least + frameTokens + callTokens * this.#calls
    return { least, most, method: encoding.method, hasThoughts: this.#hasThoughts || this.#thoughts !== null }
  }
}
