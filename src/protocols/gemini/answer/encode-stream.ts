import type { Citation } from '../../../core/call.ts'
import type { ProxyError } from '../../../core/errors.ts'
import type { ChoiceEnd, Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, StreamEncoder } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { tellsMore } from '../../translation/usage-details.ts'
import { encodeGeminiStreamError } from '../errors.ts'
import { encodeLogprobs } from '../logprobs.ts'
import { AnswerParts } from './answer-parts.ts'
import { citationMetadata, finishReason, responseId } from './candidate-fields.ts'
import { OpenCalls } from './open-calls.ts'
import { encodeUsageMetadata, geminiUsageParts } from './usage-metadata.ts'

interface OpenCandidate {
  calls: OpenCalls
  called: number
  text: string
  citations: Citation[]
  end: ChoiceEnd | undefined
}

/** Writes `GenerateContentResponse`s, as server-sent events or as the elements of one array. */
export class GeminiStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new Lost<'answer', 'gemini'>()
  readonly #parts: AnswerParts
  readonly #candidates = new Map<number, OpenCandidate>()
  #model: string
  #usage: ReportedUsage | undefined
  #written = 0
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#parts = new AnswerParts(about, this.#lost)
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
        if (tellsMore(event.usage, geminiUsageParts)) this.#lost.lose('answer_usage_details')
      } else if (event.type === 'end') this.#noteEnds(event)
      else out += this.#say(event)
    }
    return out
  }

  end(): string {
    if (this.#over) return ''
    this.#over = true
    this.#candidate(0)
    let out = ''
    const last = [...this.#candidates.keys()].at(-1)
    for (const [index, candidate] of this.#candidates) out += this.#finish(index, candidate, index === last)
    return this.#about.framing === 'sse' ? out : `${out}]`
  }

  fail(error: ProxyError): string {
    this.#over = true
    const { framing, exchangeId } = this.#about
    const place = { framing, exchangeId, eventsPassed: this.#written, lastSequence: undefined }
    // An array that never began must begin to hold the error.
    const opening = framing === 'json-array' && this.#written === 0 ? '[' : ''
    return opening + encodeGeminiStreamError(error, place)
  }

  #say(event: Event): string {
    const index = 'choice' in event ? (event.choice ?? 0) : 0
    switch (event.type) {
      case 'tool_call':
        this.#candidate(index).calls.add(event)
        return ''
      case 'state':
        return this.#sayState(event, index)
      case 'citation':
        if (event.citation.url === null) this.#lost.lose('answer_citation')
        else this.#candidate(index).citations.push(event.citation)
        return ''
      case 'logprobs':
        return this.#chunk(index, { logprobsResult: encodeLogprobs(event.tokens) })
      case 'text':
        this.#candidate(index).text += event.text
        return this.#sayParts(index, this.#parts.text(event.text, undefined))
      case 'reasoning':
        return this.#sayParts(index, this.#parts.reasoning(event.text, undefined))
      case 'refusal':
        this.#lost.lose('answer_refusal')
        return this.#sayParts(index, this.#parts.text(event.text, undefined))
      case 'media':
      case 'server_tool':
        return this.#sayParts(index, this.#parts.of(event, 0))
      default:
        return ''
    }
  }

  #sayState({ state, on }: Extract<Event, { type: 'state' }>, index: number): string {
    const { calls } = this.#candidate(index)
    if (on === 'tool_call' && calls.addState(state)) return ''
    // Behind the text or the thoughts that it belongs to: Gemini itself sends it so, on an empty part.
    return this.#sayParts(index, [{ text: '', ...this.#parts.signature(state) }])
  }

  #sayParts(index: number, parts: readonly JsonObject[]): string {
    if (parts.length === 0) return ''
    const all = [...this.#takeCalls(this.#candidate(index)), ...parts]
    return this.#chunk(index, { content: { role: 'model', parts: all } })
  }

  #takeCalls(candidate: OpenCandidate): JsonObject[] {
    return candidate.calls.take().map((call) => ({
      functionCall: this.#parts.call(call, candidate.called++),
      ...this.#parts.signature(call.state),
    }))
  }

  #finish(index: number, candidate: OpenCandidate, isLast: boolean): string {
    const end = candidate.end ?? { reason: 'stop', raw: '' }
    if (end.reason === 'pause') this.#lost.lose('answer_pause')
    if (end.stopSequence !== undefined) this.#lost.lose('answer_stop_sequence')
    const parts = this.#takeCalls(candidate)
    return this.#chunk(
      index,
      {
        content: { role: 'model', parts: parts.length === 0 ? [{ text: '' }] : parts },
        finishReason: finishReason(end.reason),
        ...citationMetadata(candidate.citations, candidate.text),
      },
      isLast ? this.#usage : undefined,
    )
  }

  #noteEnds({ type: _type, others, ...first }: Extract<Event, { type: 'end' }>): void {
    this.#candidate(0).end = first
    for (const { choice, ...end } of others ?? []) this.#candidate(choice).end = end
  }

  #candidate(index: number): OpenCandidate {
    let candidate = this.#candidates.get(index)
    if (candidate === undefined) {
      candidate = { calls: new OpenCalls(), called: 0, text: '', citations: [], end: undefined }
      this.#candidates.set(index, candidate)
    }
    return candidate
  }

  #chunk(index: number, members: JsonObject, usage?: ReportedUsage): string {
    const chunk = JSON.stringify({
      candidates: [{ ...members, index }],
      ...(usage && { usageMetadata: encodeUsageMetadata(usage) }),
      modelVersion: this.#model,
      responseId: responseId(this.#about),
    })
    const isFirst = this.#written++ === 0
    if (this.#about.framing === 'sse') return `data: ${chunk}\n\n`
    return isFirst ? `[${chunk}` : `,\n${chunk}`
  }
}
