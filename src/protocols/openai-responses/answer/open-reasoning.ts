import type { ReasoningState } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { reasoningItem } from './answer-items.ts'
import type { EventWriter, OpenItem } from './event-writer.ts'

/** Thoughts, as the parts of a summary: the form that clients of this protocol show. */
export class OpenReasoning implements OpenItem {
  item: JsonObject
  state: Omit<ReasoningState, 'model'> | undefined
  readonly #writer: EventWriter
  readonly #about: AnswerAbout
  readonly #place: { item_id: string; output_index: number }
  readonly #summary: string[] = []
  #text: string | undefined

  constructor(writer: EventWriter, about: AnswerAbout, id: string, output_index: number) {
    this.#writer = writer
    this.#about = about
    this.#place = { item_id: id, output_index }
    this.item = reasoningItem(id, [], undefined, about)
  }

  open(): string {
    const { output_index } = this.#place
    return this.#writer.event('response.output_item.added', { output_index, item: this.item })
  }

  say(delta: string): string {
    let out = ''
    if (this.#text === undefined) {
      this.#text = ''
      out = this.#event('response.reasoning_summary_part.added', { part: { type: 'summary_text', text: '' } })
    }
    this.#text += delta
    return out + this.#event('response.reasoning_summary_text.delta', { delta })
  }

  closePart(): string {
    if (this.#text === undefined) return ''
    const text = this.#text
    const out =
      this.#event('response.reasoning_summary_text.done', { text }) +
      this.#event('response.reasoning_summary_part.done', { part: { type: 'summary_text', text } })
    this.#summary.push(text)
    this.#text = undefined
    return out
  }

  close(): string {
    const last = this.closePart()
    this.item = reasoningItem(this.#place.item_id, this.#summary, this.state, this.#about)
    const { output_index } = this.#place
    return last + this.#writer.event('response.output_item.done', { output_index, item: this.item })
  }

  #event(type: string, members: JsonObject): string {
    return this.#writer.event(type, { ...this.#place, summary_index: this.#summary.length, ...members })
  }
}
