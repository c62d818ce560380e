import type { ProxyError } from '../../core/errors.ts'
import type { ChoiceEnd, Event } from '../../core/event.ts'
import type { JsonObject } from '../../core/json.ts'
import { Lost } from '../../core/losses.ts'
import type { AnswerAbout, StreamEncoder } from '../../core/protocol.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { openAiError } from '../openai-error.ts'
import { tellsMore } from '../translation/usage-details.ts'
import { answerId, finishReason } from './answer-fields.ts'
import { ChoiceDeltas } from './choice-deltas.ts'
import { chatUsageParts, encodeChatUsage } from './encode-usage.ts'

const done = 'data: [DONE]\n\n'

/** Writes `chat.completion.chunk`s: the role first, a finish reason once for each choice, `[DONE]` last. */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new Lost<'answer', 'openai-chat'>()
  readonly #choices = new Map<number, ChoiceDeltas>()
  readonly #ends = new Map<number, ChoiceEnd>()
  #model: string
  #usage: ReportedUsage | undefined
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#model = about.source.model
  }

  get lost() {
    return this.#lost.items
  }

  push(events: readonly Event[]): string {
    if (this.#over) return ''
    let out = ''
    for (const event of events) {
      if (event.type === 'start') this.#model = event.model ?? this.#model
      else if (event.type === 'usage') {
        this.#usage = event.usage
        if (tellsMore(event.usage, chatUsageParts)) this.#lost.lose('answer_usage_details')
      } else if (event.type === 'end') this.#noteEnds(event)
      else out += this.#say(event)
    }
    return out
  }

  end(): string {
    if (this.#over) return ''
    this.#over = true
    if (this.#choices.size === 0) this.#choices.set(0, new ChoiceDeltas(this.#about, this.#lost))
    let out = ''
    for (const [choice, deltas] of this.#choices) {
      for (const delta of deltas.begin()) out += this.#chunk(choice, delta, null)
      const end = this.#ends.get(choice) ?? { reason: deltas.toolCalled ? 'tool' : 'stop', raw: '' }
      if (end.reason === 'pause') this.#lost.lose('answer_pause')
      if (end.stopSequence !== undefined) this.#lost.lose('answer_stop_sequence')
      out += this.#chunk(choice, {}, finishReason(end.reason))
    }
    return out + this.#usageChunk() + done
  }

  fail(error: ProxyError): string {
    this.#over = true
    return `data: ${JSON.stringify({ error: openAiError(error) })}\n\n`
  }

  #say(event: Event): string {
    const choice = 'choice' in event ? (event.choice ?? 0) : 0
    let deltas = this.#choices.get(choice)
    const fresh = deltas === undefined
    deltas ??= new ChoiceDeltas(this.#about, this.#lost)
    const said = deltas.of(event)
    if (said.length === 0) return ''
    if (fresh) this.#choices.set(choice, deltas)
    let out = ''
    for (const { delta, logprobs } of [
      ...deltas.begin().map((delta) => ({ delta, logprobs: null })),
      ...said,
    ]) {
      out += this.#chunk(choice, delta, null, logprobs)
    }
    return out
  }

  #noteEnds({ type: _type, others, ...first }: Extract<Event, { type: 'end' }>): void {
    this.#ends.set(0, first)
    for (const { choice, ...end } of others ?? []) this.#ends.set(choice, end)
  }

  #chunk(
    index: number,
    delta: JsonObject,
    finish_reason: string | null,
    logprobs: JsonObject | null = null,
  ): string {
    return this.#block({ choices: [{ index, delta, logprobs, finish_reason }] }, null)
  }

  /** Only those who asked for it; they get `usage: null` in every other chunk. */
  #usageChunk(): string {
    if (!this.#about.call.usageAsked || this.#usage === undefined) return ''
    return this.#block({ choices: [] }, encodeChatUsage(this.#usage))
  }

  #block(members: JsonObject, usage: JsonObject | null): string {
    const chunk: JsonObject = {
      id: answerId(this.#about),
      object: 'chat.completion.chunk',
      created: this.#about.createdS,
      model: this.#model,
      ...members,
      ...(this.#about.call.usageAsked && { usage }),
    }
    return `data: ${JSON.stringify(chunk)}\n\n`
  }
}
