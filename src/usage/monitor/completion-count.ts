import type { Event } from '../../core/event.ts'
import type { TokenCounts } from '../ports.ts'
import { byBytes, type Counted, lesser } from './counted.ts'

/** So much text is counted at once while an answer streams. */
const pieceLength = 2_000

/** Counts what a backend said while it says it, in pieces. */
export class CompletionCount {
  readonly #counts: TokenCounts
  readonly #model: string
  #rest = ''
  /** Of what was counted. */
  #tokens = 0
  #estimated = false
  #bytesUncounted = 0
  #pending = new Map<Promise<void>, number>()

  constructor(counts: TokenCounts, model: string) {
    this.#counts = counts
    this.#model = model
  }

  take(event: Event): void {
    if (event.type === 'text' || event.type === 'reasoning' || event.type === 'refusal') this.#add(event.text)
    else if (event.type === 'tool_call') this.#add((event.name ?? '') + event.arguments)
    else if (event.type === 'media') this.#estimated = true
  }

  /** Sends what is left to be counted, and settles when all is. */
  async settled(): Promise<void> {
    this.#send(this.#rest)
    this.#rest = ''
    await Promise.all(this.#pending.keys())
  }

  /** As far as it is known now; what still waits is reckoned by its bytes. */
  get counted(): Counted {
    const { method, factor } = this.#counts.encodingOf(this.#model)
    const waiting = [...this.#pending.values()].reduce((sum, bytes) => sum + bytes, 0)
    const uncounted = byBytes(waiting + this.#bytesUncounted + Buffer.byteLength(this.#rest))
    const ours = lesser(method, this.#estimated ? 'approximate' : 'tokenizer')
    return {
      tokens: Math.round(this.#tokens * factor) + uncounted.tokens,
      method: uncounted.tokens > 0 ? 'bytes' : ours,
    }
  }

  #add(text: string): void {
    this.#rest += text
    if (this.#rest.length < pieceLength) return
    // No token reaches over the space before a word.
    const space = this.#rest.lastIndexOf(' ')
    const end = space > 0 ? space : this.#rest.length
    this.#send(this.#rest.slice(0, end))
    this.#rest = this.#rest.slice(end)
  }

  #send(text: string): void {
    if (text === '') return
    const bytes = Buffer.byteLength(text)
    const counting = this.#counts.texts([text]).then((counts) => {
      this.#pending.delete(counting)
      if (counts === null) this.#bytesUncounted += bytes
      else this.#tokens += counts[0] ?? 0
    })
    this.#pending.set(counting, bytes)
  }
}
