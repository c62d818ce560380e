import type { Citation } from '../../../core/call.ts'
import type { ChoiceEnd, Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { HeldText } from '../../held-text.ts'
import { CandidateParts } from './candidate-parts.ts'
import { groundingOf } from './grounding.ts'
import { OpenCalls, type WholeCall } from './open-calls.ts'

/** Nobody reads that many sources; the places in longer texts are not told. Nothing of a stream may fill the memory. */
const maxCitations = 1000
const maxTextLength = 1 << 20

/** One candidate of a streamed answer. */
export class OpenCandidate {
  end: ChoiceEnd = { reason: 'stop', raw: '' }
  readonly #lost: Lost<'answer', 'gemini'>
  readonly #parts: CandidateParts
  readonly #calls = new OpenCalls()
  readonly #text = new HeldText()
  readonly #citations: Citation[] = []
  #hasThought = false
  /** The next thought is another paragraph. */
  #parted = false

  constructor(about: AnswerAbout, lost: Lost<'answer', 'gemini'>) {
    this.#lost = lost
    this.#parts = new CandidateParts(about, lost)
  }

  /** The parts that can be said now. */
  take(event: Event): JsonObject[] {
    switch (event.type) {
      case 'tool_call':
        return this.#takeCall(event)
      case 'state':
        return this.#takeState(event)
      case 'citation':
        this.#cite(event.citation)
        return []
      case 'boundary':
        if (event.of === 'reasoning') this.#parted = this.#hasThought
        return []
      case 'text':
        if (this.#text.length < maxTextLength) this.#text.add(event.text)
        return [...this.#settled(), ...this.#parts.text(event.text)]
      case 'reasoning':
        return [...this.#settled(), ...this.#parts.reasoning(this.#thought(event.text))]
      case 'refusal':
        return [...this.#settled(), ...this.#parts.refusal(event.text)]
      case 'media':
        return [...this.#settled(), ...this.#parts.media(event)]
      case 'server_tool':
        return [...this.#settled(), ...this.#parts.serverTool(event.text)]
      default:
        return []
    }
  }

  /** What is left to say. */
  rest(): JsonObject[] {
    const calls = this.#calls.rest(this.end.reason === 'length')
    return [...this.#said(calls), ...this.#parts.rest()]
  }

  /** The words that were held back, for an answer that breaks off. */
  words(): JsonObject[] {
    return this.#parts.thoughts()
  }

  grounding(): { groundingMetadata?: JsonObject } {
    return groundingOf(this.#citations, this.#text.take(), this.#lost)
  }

  #takeCall(event: Extract<Event, { type: 'tool_call' }>): JsonObject[] {
    const parts = [...this.#parts.thoughts(), ...this.#said(this.#calls.settled(event.index))]
    this.#calls.add(event)
    return parts
  }

  #takeState({ state, on }: Extract<Event, { type: 'state' }>): JsonObject[] {
    if (on === 'tool_call' && this.#calls.addState(state)) return []
    return [...this.#settled(), ...this.#parts.state(state, on === 'reasoning' ? 'thought' : null)]
  }

  #settled(): JsonObject[] {
    return this.#said(this.#calls.settled())
  }

  #said(calls: readonly WholeCall[]): JsonObject[] {
    return calls.flatMap((call) => this.#parts.call(call, call.index))
  }

  #thought(text: string): string {
    const parted = this.#parted && text !== ''
    if (parted) this.#parted = false
    this.#hasThought ||= text !== ''
    return parted ? `\n\n${text}` : text
  }

  #cite(citation: Citation): void {
    if (this.#citations.length < maxCitations) this.#citations.push(citation)
    else this.#lost.lose('answer_citation')
  }
}
