import type { ProxyError } from '../../../core/errors.ts'
import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost, type LostItem } from '../../../core/losses.ts'
import type { AnswerAbout, StreamEncoder } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { encodeGeminiStreamError } from '../errors.ts'
import { encodeLogprobs } from '../logprobs.ts'
import { finishReason, responseId } from './candidate-fields.ts'
import { OpenCandidate } from './open-candidate.ts'
import { encodeUsageMetadata } from './usage-metadata.ts'

/** Nobody asks for that many candidates. */
const maxCandidates = 4096

/** Writes `GenerateContentResponse`s, as server-sent events or as the elements of one array. */
export class GeminiStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new Lost<'answer', 'gemini'>()
  readonly #candidates = new Map<number, OpenCandidate>()
  #model: string | undefined
  #usage: ReportedUsage | undefined
  #written = 0
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
  }

  get lost(): readonly LostItem[] {
    return this.#lost.items
  }

  push(events: readonly Event[]): string {
    if (this.#over) return ''
    return events.map((event) => this.#take(event)).join('')
  }

  end(): string {
    if (this.#over) return ''
    this.#over = true
    this.#candidate(0)
    const last = [...this.#candidates.keys()].at(-1)
    const finished = [...this.#candidates].map(([index, candidate]) =>
      this.#finish(index, candidate, index === last),
    )
    return finished.join('') + (this.#about.framing === 'sse' ? '' : ']')
  }

  fail(error: ProxyError): string {
    if (this.#over) return ''
    this.#over = true
    const words = [...this.#candidates].map(([index, candidate]) => this.#say(index, candidate.words()))
    const { framing, exchangeId } = this.#about
    const place = { framing, exchangeId, eventsPassed: this.#written, lastSequence: undefined }
    // An array that never began must begin to hold the error.
    const opening = framing === 'json-array' && this.#written === 0 ? '[' : ''
    return words.join('') + opening + encodeGeminiStreamError(error, place)
  }

  #take(event: Event): string {
    switch (event.type) {
      case 'start':
        this.#model ??= event.model
        return ''
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'end':
        this.#noteEnds(event)
        return ''
      case 'logprobs':
        return this.#chunk(event.choice ?? 0, { logprobsResult: encodeLogprobs(event.tokens) })
      default: {
        const index = 'choice' in event ? (event.choice ?? 0) : 0
        return this.#say(index, this.#candidate(index).take(event))
      }
    }
  }

  #noteEnds({ type: _type, others, ...first }: Extract<Event, { type: 'end' }>): void {
    this.#candidate(0).end = first
    for (const { choice, ...end } of others ?? []) this.#candidate(choice).end = end
  }

  /** Gemini CLI passes over a chunk with an empty text, so that nothing else may stand in it. */
  #say(index: number, parts: readonly JsonObject[]): string {
    const isEmpty = (part: JsonObject) => part.text === ''
    if (parts.length > 1 && parts.some(isEmpty)) return parts.map((part) => this.#say(index, [part])).join('')
    return parts.length === 0 ? '' : this.#chunk(index, { content: { role: 'model', parts: [...parts] } })
  }

  #finish(index: number, candidate: OpenCandidate, isLast: boolean): string {
    const parts = candidate.rest()
    const hasEmpty = parts.some((part) => part.text === '')
    const before = hasEmpty && parts.length > 1 ? parts.splice(0) : []
    const last = parts.length === 0 ? [{ text: '' }] : parts
    return (
      this.#say(index, before) +
      this.#chunk(
        index,
        {
          content: { role: 'model', parts: last },
          finishReason: finishReason(candidate.end, this.#lost),
          ...candidate.grounding(),
        },
        isLast ? this.#usage : undefined,
      )
    )
  }

  #candidate(index: number): OpenCandidate {
    const known = this.#candidates.get(index)
    if (known !== undefined) return known
    const candidate = new OpenCandidate(this.#about, this.#lost)
    if (this.#candidates.size < maxCandidates) this.#candidates.set(index, candidate)
    return candidate
  }

  #chunk(index: number, members: JsonObject, usage?: ReportedUsage): string {
    const chunk = JSON.stringify({
      candidates: [{ ...members, index }],
      ...(usage && { usageMetadata: encodeUsageMetadata(usage, this.#lost) }),
      modelVersion: this.#model ?? this.#about.source.model,
      responseId: responseId(this.#about),
    })
    const isFirst = this.#written++ === 0
    if (this.#about.framing === 'sse') return `data: ${chunk}\n\n`
    return isFirst ? `[${chunk}` : `,\n${chunk}`
  }
}
