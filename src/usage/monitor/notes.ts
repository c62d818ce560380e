import type { Event } from '../../core/event.ts'
import type { Exchange, Leg } from '../../core/exchange.ts'
import type { Seen } from '../drift/comparison.ts'
import type { TokenCounts } from '../ports.ts'
import { Awaited } from './awaited.ts'
import { CompletionCount } from './completion-count.ts'
import { type Counted, sum } from './counted.ts'
import { PromptCount } from './prompt-count.ts'

/** What the record needs of an exchange and the exchange itself does not keep. */
export class Notes {
  readonly #counts: TokenCounts
  readonly #exchange: Exchange
  /** Lent until the request has been sent on. */
  #received: Uint8Array | null = null
  #ctp: PromptCount | null = null
  #ptb: PromptCount | null = null
  #btp: CompletionCount | null = null
  /** What the backend said when the client had left; the client got what is in `#btp`. */
  #unheard: CompletionCount | null = null
  #readNs: number | null = null
  #writtenNs: number | null = null
  #chunkCounted = true
  /** Between a chunk's arrival and its passing on, all chunks together. */
  passingNs = 0

  constructor(exchange: Exchange, counts: TokenCounts) {
    this.#exchange = exchange
    this.#counts = counts
  }

  /** Only calls that we read can be counted. */
  get #isCounted(): boolean {
    const { callPurpose } = this.#exchange
    return callPurpose === 'chat' || callPurpose === 'title' || callPurpose === 'count_tokens'
  }

  attempted(): void {
    this.#btp = this.#completionCount()
    this.#unheard = null
  }

  #completionCount(): CompletionCount | null {
    const model = this.#exchange.attempts.at(-1)?.model
    return this.#isCounted && model ? new CompletionCount(this.#counts, model) : null
  }

  passed(leg: Leg, bytes: Uint8Array, atNs: number): void {
    if (leg === 'CTP') {
      if (this.#isCounted) this.#received = bytes
    } else if (leg === 'PTB') this.#sent(bytes)
    else if (leg === 'BTP') this.#read(atNs)
    else this.#written(atNs)
  }

  event(event: Event): void {
    if (this.#exchange.clientGoneNs === null) return this.#btp?.take(event)
    this.#unheard ??= this.#completionCount()
    this.#unheard?.take(event)
  }

  /** Calls back when all has been counted. */
  settle(done: () => void): void {
    // A request that was sent to nobody is counted too: the client had its say.
    if (this.#received !== null) this.#ctp = this.#countReceived(this.#received)
    this.#received = null
    const all = new Awaited(done)
    this.#ctp?.settle(all.begin())
    if (this.#ptb !== this.#ctp) this.#ptb?.settle(all.begin())
    this.#btp?.settle(all.begin())
    this.#unheard?.settle(all.begin())
    all.allBegun()
  }

  get counts(): { ctp: Counted | null; ptb: Counted | null; btp: Counted | null; ptc: Counted | null } {
    const heard = this.#btp?.counted ?? null
    return {
      ctp: this.#ctp?.counted ?? null,
      ptb: this.#ptb?.counted ?? null,
      btp: heard && sum(heard, this.#unheard?.counted ?? null),
      ptc: heard,
    }
  }

  /** What both sides can see of it. */
  get seen(): Seen {
    const view = this.#ptb?.view ?? null
    if (view === null || this.#btp?.ranTools) return { prompt: null, completion: null, wantsThoughts: false }
    return {
      prompt: this.#ptb?.seen ?? null,
      // What was said when the client had left is in the report too.
      completion: this.#unheard === null ? (this.#btp?.seen ?? null) : null,
      wantsThoughts: view.wantsThoughts,
    }
  }

  get toolErrors(): number | null {
    return this.#ctp?.toolErrors ?? null
  }

  /** When the last bytes were written to the client. */
  get writtenNs(): number | null {
    return this.#writtenNs
  }

  #sent(bytes: Uint8Array): void {
    const attempt = this.#exchange.attempts.at(-1)
    if (!this.#isCounted || !attempt) return
    const received = this.#received
    this.#received = null
    this.#ptb = new PromptCount(this.#counts, {
      protocol: attempt.protocol,
      model: attempt.model ?? this.#exchange.requestedModel ?? '',
      stream: this.#exchange.stream,
      counts: this.#exchange.callPurpose === 'count_tokens',
      body: bytes,
    })
    // Where request and response were not changed, the second count is the first.
    if (received !== null) this.#ctp = isSame(received, bytes) ? this.#ptb : this.#countReceived(received)
  }

  #countReceived(body: Uint8Array): PromptCount {
    const { frontend, requestedModel, stream, callPurpose } = this.#exchange
    return new PromptCount(this.#counts, {
      ...{ protocol: frontend, model: requestedModel ?? '', stream, body },
      counts: callPurpose === 'count_tokens',
    })
  }

  /** Bytes are told after they were passed on: the writing may be told first. */
  #read(atNs: number): void {
    this.#readNs = atNs
    this.#chunkCounted = this.#writtenNs !== null && this.#writtenNs >= atNs
    if (this.#chunkCounted) this.passingNs += (this.#writtenNs ?? atNs) - atNs
  }

  #written(atNs: number): void {
    this.#writtenNs = atNs
    if (this.#chunkCounted || this.#readNs === null) return
    this.#chunkCounted = true
    this.passingNs += atNs - this.#readNs
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0)
}
