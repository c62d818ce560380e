import type { ChoiceEnd, Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { Choices } from '../choices.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { stopReason } from '../stop-reason.ts'
import type { AnswerReader } from '../stream-decoder.ts'
import { filled, hasSubstance } from '../substance.ts'
import { UsageReports } from '../usage-parts.ts'
import { type DeltasSeen, readDelta } from './delta.ts'
import { choiceOf, logprobsOf } from './delta-fields.ts'
import { chatStopReason } from './stop-words.ts'
import { ChatToolCalls } from './tool-calls.ts'
import { readChatUsage } from './usage.ts'

/** Reads `chat.completion.chunk`s; a whole `chat.completion` reads like one chunk with everything in it. */
export class ChatReader implements AnswerReader {
  failed = false
  readonly #seen: DeltasSeen = { tools: new ChatToolCalls(), refused: new Set(), reasoned: false }
  readonly #usage = new UsageReports()
  readonly #choices = new Choices()
  #started = false
  #done = false
  #ended = false

  /** `[DONE]`, or a finish reason for every choice seen: not every provider sends `[DONE]`. */
  get finished(): boolean {
    return this.#done || this.#choices.allFinished
  }

  get exhausted(): boolean {
    return this.#done
  }

  read(chunk: Json, _name: string, events: Event[]): void {
    if (!isObject(chunk)) {
      events.push({ type: 'unknown', name: 'chunk' })
      return
    }
    if (!this.#started) this.#readStart(chunk, events)
    const hasChoices = Array.isArray(chunk.choices)
    if (Array.isArray(chunk.choices)) for (const choice of chunk.choices) this.#readChoice(choice, events)
    const hasUsage = this.#readUsage(chunk, events)
    const hasError = hasSubstance(chunk.error)
    if (!hasChoices && !hasUsage && !hasError)
      events.push({ type: 'unknown', name: filled(chunk.object) ?? 'chunk' })
    if (this.finished) this.#end(events)
    if (hasError) this.#fail(chunk, events)
  }

  done(events: Event[]): void {
    this.#done = true
    this.#end(events)
  }

  #readStart(chunk: JsonObject, events: Event[]): void {
    const id = filled(chunk.id)
    const model = filled(chunk.model)
    if (id === undefined && model === undefined) return
    this.#started = true
    events.push({ type: 'start', ...(id !== undefined && { id }), ...(model !== undefined && { model }) })
  }

  #readChoice(choice: Json, events: Event[]): void {
    if (!isObject(choice)) {
      events.push({ type: 'unknown', name: 'choice' })
      return
    }
    const index = typeof choice.index === 'number' ? choice.index : 0
    const message = choice.delta ?? choice.message
    if (isObject(message)) readDelta(message, index, this.#seen, events)
    const tokens = isObject(choice.logprobs) ? logprobsOf(choice.logprobs) : []
    if (tokens.length > 0) events.push({ type: 'logprobs', tokens, ...choiceOf(index) })
    this.#choices.see(index, filled(choice.finish_reason))
  }

  /** Usage may ride on any chunk; Groq also has it under its own name. True when the chunk has some. */
  #readUsage(chunk: JsonObject, events: Event[]): boolean {
    const vendor = chunk.x_groq
    if (!chunk.usage && !isObject(vendor)) return false
    const usage =
      readChatUsage(chunk.usage, chunk.service_tier) ??
      readChatUsage(isObject(vendor) ? vendor.usage : undefined, chunk.service_tier)
    if (usage === undefined) return false
    if (this.#usage.takes(usage)) events.push({ type: 'usage', usage })
    return true
  }

  #end(events: Event[]): void {
    if (this.#ended || this.failed) return
    this.#ended = true
    const others = this.#choices.others.map(([choice, word]) => ({ choice, ...this.#endOf(choice, word) }))
    events.push({
      type: 'end',
      ...this.#endOf(0, this.#choices.word ?? ''),
      ...(others.length > 0 && { others }),
    })
  }

  #endOf(choice: number, raw: string): ChoiceEnd {
    const { tools, refused } = this.#seen
    const saw = { toolCalled: tools.calledIn(choice), refused: refused.has(choice) }
    return { reason: stopReason(chatStopReason(raw), saw), raw }
  }

  #fail(chunk: JsonObject, events: Event[]): void {
    this.failed = true
    events.push(errorEvent(readReportedError(chunk)))
  }
}
