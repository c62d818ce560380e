import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, objectAt } from '../../core/json.ts'
import { Choices } from '../choices.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { stopReason } from '../stop-reason.ts'
import type { AnswerReader } from '../stream-decoder.ts'
import { filled, hasSubstance } from '../substance.ts'
import { UsageReports } from '../usage-parts.ts'
import { Parts } from './parts.ts'
import { geminiStopReason } from './stop-words.ts'
import { readGeminiUsage } from './usage.ts'

const unsaid = 'FINISH_REASON_UNSPECIFIED'
const groundingKeys = ['groundingMetadata', 'citationMetadata', 'urlContextMetadata']

/** Reads `GenerateContentResponse`s: the elements of a stream, or the one of a whole answer. */
export class GeminiReader implements AnswerReader {
  failed = false
  readonly #parts = new Parts()
  readonly #reports = new UsageReports()
  readonly #candidates = new Choices()
  /** Why the prompt was blocked, so that there is no answer. */
  #blockReason: string | undefined
  #started = false
  #ended = false

  /** A finish reason for every candidate seen, or a blocked prompt. */
  get finished(): boolean {
    return this.#blockReason !== undefined || this.#candidates.allFinished
  }

  read(chunk: Json, _name: string, events: Event[]): void {
    if (!isObject(chunk)) {
      events.push({ type: 'unknown', name: 'chunk' })
      return
    }
    if (hasSubstance(chunk.error)) {
      this.failed = true
      events.push(errorEvent(readReportedError(chunk)))
      return
    }
    if (!this.#started) this.#readStart(chunk, events)
    const candidates = Array.isArray(chunk.candidates) ? chunk.candidates : undefined
    for (const candidate of candidates ?? []) this.#readCandidate(candidate, events)
    this.#readBlock(chunk)
    if (this.finished) this.#parts.close(events)
    const hasUsage = this.#readUsage(chunk, events)
    if (this.finished) this.#end(events)
    else if (candidates === undefined && !hasUsage) events.push({ type: 'unknown', name: 'chunk' })
  }

  /** A whole answer is at its end, whatever it says. */
  done(events: Event[]): void {
    this.#parts.close(events)
    this.#end(events)
  }

  #readStart(chunk: JsonObject, events: Event[]): void {
    const id = filled(chunk.responseId)
    const model = filled(chunk.modelVersion)
    if (id === undefined && model === undefined) return
    this.#started = true
    events.push({ type: 'start', ...(id !== undefined && { id }), ...(model !== undefined && { model }) })
  }

  #readCandidate(candidate: Json, events: Event[]): void {
    if (!isObject(candidate)) {
      events.push({ type: 'unknown', name: 'candidate' })
      return
    }
    const parts = objectAt(candidate, 'content')?.parts
    for (const part of Array.isArray(parts) ? parts : []) this.#parts.read(part, events)
    for (const kind of groundingKeys) {
      if (hasSubstance(candidate[kind])) events.push({ type: 'content', kind })
    }
    const word = filled(candidate.finishReason)
    const index = typeof candidate.index === 'number' ? candidate.index : 0
    this.#candidates.see(index, word === unsaid ? undefined : word)
  }

  #readBlock(chunk: JsonObject): void {
    this.#blockReason ??= filled(objectAt(chunk, 'promptFeedback')?.blockReason)
  }

  #readUsage(chunk: JsonObject, events: Event[]): boolean {
    const usage = readGeminiUsage(chunk.usageMetadata)
    if (usage === undefined) return false
    if (this.#reports.takes(usage)) events.push({ type: 'usage', usage })
    return true
  }

  #end(events: Event[]): void {
    if (this.#ended || this.failed) return
    this.#ended = true
    const raw = this.#blockReason ?? this.#candidates.word ?? ''
    const said = this.#blockReason === undefined ? geminiStopReason(raw) : 'filter'
    events.push({
      type: 'end',
      reason: stopReason(said, { toolCalled: this.#parts.toolCalled, refused: false }),
      raw,
    })
  }
}
