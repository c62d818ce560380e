import type { ChoiceEnd, Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, objectAt } from '../../core/json.ts'
import { Choices } from '../choices.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { stopReason } from '../stop-reason.ts'
import type { AnswerReader } from '../stream-decoder.ts'
import { filled, hasSubstance } from '../substance.ts'
import { ToolCalls } from '../tool-calls.ts'
import { UsageReports } from '../usage-parts.ts'
import { Citations } from './citations.ts'
import { logprobsOf } from './logprobs.ts'
import { Parts } from './parts.ts'
import { geminiStopReason } from './stop-words.ts'
import { readGeminiUsage } from './usage.ts'

const unsaid = 'FINISH_REASON_UNSPECIFIED'
/** Nobody asks for that many candidates. */
const maxCandidates = 4096

/** Reads `GenerateContentResponse`s: the elements of a stream, or the one of a whole answer. */
export class GeminiReader implements AnswerReader {
  failed = false
  readonly #tools = new ToolCalls()
  readonly #parts = new Map<number, Parts>()
  readonly #citations = new Map<number, Citations>()
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
    if (this.finished) this.#closeParts(events)
    const hasUsage = this.#readUsage(chunk, events)
    if (this.finished) this.#end(events)
    else if (candidates === undefined && !hasUsage) events.push({ type: 'unknown', name: 'chunk' })
  }

  /** A whole answer is at its end, whatever it says. */
  done(events: Event[]): void {
    this.#closeParts(events)
    this.#end(events)
  }

  #closeParts(events: Event[]): void {
    for (const parts of this.#parts.values()) parts.close(events)
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
    const index = typeof candidate.index === 'number' ? candidate.index : 0
    const parts = objectAt(candidate, 'content')?.parts
    const reader = this.#partsOf(index)
    for (const part of Array.isArray(parts) ? parts : []) reader.read(part, events)
    this.#citationsOf(index).read(candidate, parts, events)
    const tokens = logprobsOf(objectAt(candidate, 'logprobsResult'))
    if (tokens.length > 0) events.push({ type: 'logprobs', tokens, ...(index > 0 && { choice: index }) })
    const word = filled(candidate.finishReason)
    this.#candidates.see(index, word === unsaid ? undefined : word)
  }

  #partsOf(index: number): Parts {
    return kept(this.#parts, index, () => new Parts(this.#tools, index))
  }

  #citationsOf(index: number): Citations {
    return kept(this.#citations, index, () => new Citations(index))
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
    const others = this.#candidates.others.map(([choice, word]) => ({ choice, ...this.#endOf(choice, word) }))
    const first =
      this.#blockReason === undefined
        ? this.#endOf(0, this.#candidates.word ?? '')
        : { reason: 'filter' as const, raw: this.#blockReason }
    events.push({ type: 'end', ...first, ...(others.length > 0 && { others }) })
  }

  #endOf(choice: number, raw: string): ChoiceEnd {
    const toolCalled = this.#parts.get(choice)?.toolCalled ?? false
    return { reason: stopReason(geminiStopReason(raw), { toolCalled, refused: false }), raw }
  }
}

function kept<Value>(map: Map<number, Value>, index: number, make: () => Value): Value {
  const known = map.get(index)
  if (known !== undefined) return known
  const made = make()
  if (map.size < maxCandidates) map.set(index, made)
  return made
}
