import type { ProxyError } from '../../../core/errors.ts'
import type { ChoiceEnd, Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout, StreamEncoder } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { chatStreamError } from '../stream-error.ts'
import { answerId, ChatAnswerLost, finishReason } from './answer-fields.ts'
import { ChoiceDeltas, type Said } from './choice-deltas.ts'
import { encodeChatUsage, loseUsageDetails } from './encode-usage.ts'

const done = 'data: [DONE]\n\n'
/** Nobody asks for that many: a stream that numbers on must not fill the memory. */
const maxChoices = 4096

/** Writes `chat.completion.chunk`s: the role first, a finish reason once for each choice, `[DONE]` last. */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new ChatAnswerLost()
  readonly #choices = new Map<number, ChoiceDeltas>()
  readonly #ends = new Map<number, ChoiceEnd>()
  readonly #usageAsked: boolean
  #head: string
  #usage: ReportedUsage | null = null
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#usageAsked = about.call.usageAsked
    this.#head = this.#headFor(about.source.model)
  }

  get lost() {
    return this.#lost.items
  }

  push(events: readonly Event[]): string {
    if (this.#over) return ''
    let out = ''
    for (const event of events) {
      if (event.type === 'start') this.#head = this.#headFor(event.model ?? this.#about.source.model)
      else if (event.type === 'usage') this.#usage = event.usage
      else if (event.type === 'end') this.#noteEnds(event)
      else out += this.#say(event)
    }
    return out
  }

  end(): string {
    if (this.#over) return ''
    this.#over = true
    const choices = new Set([0, ...this.#choices.keys(), ...this.#ends.keys()])
    let out = ''
    for (const index of [...choices].sort((a, b) => a - b)) {
      const deltas = this.#choices.get(index) ?? new ChoiceDeltas(this.#about, this.#lost)
      const end = this.#ends.get(index) ?? { reason: deltas.toolCalled ? 'tool' : 'stop', raw: '' }
      out += this.#deltas(index, deltas.end())
      out += this.#chunk(index, {}, null, finishReason(end, this.#lost))
    }
    return out + this.#usageChunk() + done
  }

  fail(error: ProxyError): string {
    if (this.#over) return ''
    this.#over = true
    return chatStreamError(error)
  }

  #say(event: Event): string {
    const choice = 'choice' in event ? (event.choice ?? 0) : 0
    const known = this.#choices.get(choice)
    if (known !== undefined) return this.#deltas(choice, known.of(event))
    if (this.#choices.size >= maxChoices) return ''
    const deltas = new ChoiceDeltas(this.#about, this.#lost)
    const said = deltas.of(event)
    if (said.length > 0 || deltas.toolCalled) this.#choices.set(choice, deltas)
    return this.#deltas(choice, said)
  }

  #noteEnds({ type: _type, others, ...first }: Extract<Event, { type: 'end' }>): void {
    this.#ends.set(0, first)
    for (const { choice, ...end } of others ?? []) this.#ends.set(choice, end)
  }

  #deltas(index: number, said: readonly Said[]): string {
    let out = ''
    for (const { delta, logprobs } of said) out += this.#chunk(index, delta, logprobs, null)
    return out
  }

  #chunk(
    index: number,
    delta: JsonObject,
    logprobs: JsonObject | null,
    finish_reason: string | null,
  ): string {
    const choices = JSON.stringify([{ index, delta, logprobs, finish_reason }])
    return `${this.#head}"choices":${choices}${this.#usageAsked ? ',"usage":null' : ''}}\n\n`
  }

  /** Only for those who asked: they get `usage: null` in every other chunk. */
  #usageChunk(): string {
    const usage = encodeChatUsage(this.#usage)
    if (!this.#usageAsked || usage === undefined) return ''
    loseUsageDetails(this.#usage, this.#lost)
    const tier = this.#usage?.serviceTier
    const members = { choices: [], ...(tier !== undefined && { service_tier: tier }), usage }
    return `${this.#head}${JSON.stringify(members).slice(1)}\n\n`
  }

  /** What every chunk begins with: a stream has thousands. */
  #headFor(model: string): string {
    const { createdS: created } = this.#about
    const members = { id: answerId(this.#about), object: 'chat.completion.chunk', created, model }
    return `data: ${JSON.stringify(members).slice(0, -1)},`
  }
}
