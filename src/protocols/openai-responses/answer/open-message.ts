import type { Citation } from '../../../core/call.ts'
import type { TokenLogprob } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import { annotation, encodeLogprobs, messageItem, outputText, refusalPart } from './answer-items.ts'
import type { EventWriter, OpenItem } from './event-writer.ts'

interface OpenPart {
  type: 'output_text' | 'refusal'
  text: string
  /** The length of the answer's text before it. */
  before: number
  annotations: JsonObject[]
  logprobs: JsonObject[]
}

/** A message with its parts, one after the other. */
export class OpenMessage implements OpenItem {
  item: JsonObject
  readonly #writer: EventWriter
  readonly #place: { item_id: string; output_index: number }
  readonly #content: JsonObject[] = []
  #part: OpenPart | undefined

  constructor(writer: EventWriter, id: string, output_index: number) {
    this.#writer = writer
    this.#place = { item_id: id, output_index }
    this.item = messageItem(id, [], 'in_progress')
  }

  open(): string {
    const { output_index } = this.#place
    return this.#writer.event('response.output_item.added', { output_index, item: this.item })
  }

  say(type: OpenPart['type'], text: string, before: number): string {
    const opening = this.#part?.type === type ? '' : this.closePart() + this.#openPart(type, before)
    const part = this.#part as OpenPart
    part.text += text
    const kind = type === 'refusal' ? 'refusal' : 'output_text'
    const logprobs = type === 'refusal' ? {} : { logprobs: [] }
    return opening + this.#event(`response.${kind}.delta`, { delta: text, ...logprobs })
  }

  /** Undefined when the citation has no place here. */
  cite(citation: Citation): string | undefined {
    const part = this.#part
    if (part?.type !== 'output_text') return undefined
    const made = annotation(citation, part.before, part.text.length)
    if (made === undefined) return undefined
    part.annotations.push(made)
    return this.#event('response.output_text.annotation.added', {
      annotation_index: part.annotations.length - 1,
      annotation: made,
    })
  }

  /** They are told with the whole part: their tokens need not be those of the deltas. */
  tell(tokens: readonly TokenLogprob[]): void {
    this.#part?.logprobs.push(...encodeLogprobs(tokens))
  }

  closePart(): string {
    const part = this.#part
    if (part === undefined) return ''
    const { type, text, annotations, logprobs } = part
    const whole = type === 'refusal' ? refusalPart(text) : outputText(text, annotations, logprobs)
    const said = type === 'refusal' ? { refusal: text } : { text, logprobs }
    const kind = type === 'refusal' ? 'refusal' : 'output_text'
    const out =
      this.#event(`response.${kind}.done`, said) + this.#event('response.content_part.done', { part: whole })
    this.#content.push(whole)
    this.#part = undefined
    return out
  }

  close(): string {
    const last = this.closePart()
    this.item = messageItem(this.#place.item_id, this.#content)
    const { output_index } = this.#place
    return last + this.#writer.event('response.output_item.done', { output_index, item: this.item })
  }

  #openPart(type: OpenPart['type'], before: number): string {
    this.#part = { type, text: '', before, annotations: [], logprobs: [] }
    const part = type === 'refusal' ? refusalPart('') : outputText('', [], [])
    return this.#event('response.content_part.added', { part })
  }

  #event(type: string, members: JsonObject): string {
    return this.#writer.event(type, { ...this.#place, content_index: this.#content.length, ...members })
  }
}
