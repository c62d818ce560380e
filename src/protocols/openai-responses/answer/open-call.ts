import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { callItem } from './answer-items.ts'
import type { EventWriter, OpenItem } from './event-writer.ts'

/** A call of a tool, with its arguments or its free text. */
export class OpenCall implements OpenItem {
  item: JsonObject
  readonly #writer: EventWriter
  readonly #about: AnswerAbout
  readonly #call: { index: number; id: string; name: string; custom?: true }
  readonly #place: { item_id: string; output_index: number }
  #text = ''

  constructor(
    writer: EventWriter,
    about: AnswerAbout,
    event: Extract<Event, { type: 'tool_call' }>,
    id: string,
    output_index: number,
  ) {
    this.#writer = writer
    this.#about = about
    const { index, custom } = event
    this.#call = { index, id: event.id ?? '', name: event.name ?? '', ...(custom && { custom }) }
    this.#place = { item_id: id, output_index }
    this.item = callItem(id, { ...this.#call, arguments: '' }, about, 'in_progress')
  }

  open(): string {
    const { output_index } = this.#place
    return this.#writer.event('response.output_item.added', { output_index, item: this.item })
  }

  say(delta: string): string {
    if (delta === '') return ''
    this.#text += delta
    return this.#event('delta', { delta })
  }

  close(): string {
    // A tool without parameters: "" is no JSON.
    if (this.#text === '' && !this.#call.custom) this.#text = '{}'
    const said = this.#call.custom ? { input: this.#text } : { arguments: this.#text }
    const done = this.#event('done', said)
    this.item = callItem(this.#place.item_id, { ...this.#call, arguments: this.#text }, this.#about)
    const { output_index } = this.#place
    return done + this.#writer.event('response.output_item.done', { output_index, item: this.item })
  }

  #event(step: 'delta' | 'done', members: JsonObject): string {
    const kind = this.#call.custom ? 'custom_tool_call_input' : 'function_call_arguments'
    return this.#writer.event(`response.${kind}.${step}`, { ...this.#place, ...members })
  }
}
