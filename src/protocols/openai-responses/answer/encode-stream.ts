import type { ProxyError } from '../../../core/errors.ts'
import type { ChoiceEnd, Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, StreamEncoder } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { tellsMore } from '../../translation/usage-details.ts'
import { encodeResponsesStreamError } from '../stream-error.ts'
import { imageItem } from './answer-items.ts'
import { EventWriter, type OpenItem } from './event-writer.ts'
import { OpenCall } from './open-call.ts'
import { OpenMessage } from './open-message.ts'
import { OpenReasoning } from './open-reasoning.ts'
import { ResponseIds, responseObject, responsesUsageParts } from './response-object.ts'

/** Writes the typed events of a response: every item begun is done, and the last event holds all of it. */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new Lost<'answer', 'openai-responses'>()
  readonly #writer = new EventWriter()
  readonly #ids: ResponseIds
  /** By output index, as far as they are done. */
  readonly #output: JsonObject[] = []
  /** Every call begun, by its index in the answer, so that pieces find it. */
  readonly #calls = new Map<number, OpenCall>()
  /** Calls that are not done, with their output index: several may be open at once. */
  readonly #openCalls = new Map<OpenCall, number>()
  #open: OpenMessage | OpenReasoning | undefined
  #nextIndex = 0
  #textLength = 0
  #model: string
  #usage: ReportedUsage | null = null
  #end: ChoiceEnd | undefined
  #refused = false
  /** The state that was said before the call it belongs to. */
  #stateSaid: Event | undefined
  #begun = false
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#ids = new ResponseIds(about)
    this.#model = about.source.model
  }

  get lost() {
    return this.#lost.items
  }

  push(events: readonly Event[]): string {
    if (this.#over) return ''
    let out = ''
    for (const [at, event] of events.entries()) {
      if (event.type === 'start') this.#model = event.model ?? this.#model
      else if (event.type === 'usage') {
        this.#usage = event.usage
        if (tellsMore(event.usage, responsesUsageParts)) this.#lost.lose('answer_usage_details')
      } else if (event.type === 'end') this.#end = event
      else out += this.#say(event, events[at + 1])
    }
    return out
  }

  end(): string {
    if (this.#over) return ''
    const before = this.#begin() + this.#closeAll()
    this.#over = true
    const end = this.#end ?? { reason: 'stop', raw: '' }
    if (end.reason === 'pause') this.#lost.lose('answer_pause')
    if (end.stopSequence !== undefined) this.#lost.lose('answer_stop_sequence')
    const response = this.#response(end)
    return before + this.#writer.event(`response.${response.status}`, { response })
  }

  fail(error: ProxyError): string {
    this.#over = true
    return encodeResponsesStreamError(error, { lastSequence: this.#writer.lastSequence })
  }

  #say(event: Event, next: Event | undefined): string {
    switch (event.type) {
      case 'text':
        return this.#sayWords('output_text', event.text)
      case 'refusal':
        this.#refused = true
        return this.#sayWords('refusal', event.text)
      case 'server_tool':
        if (event.text !== '') this.#lost.lose('answer_server_tool')
        return this.#sayWords('output_text', event.text)
      case 'reasoning':
        return this.#begin() + this.#reasoning((item) => item.say(event.text))
      case 'boundary':
        return this.#open instanceof OpenReasoning || event.of === 'text'
          ? (this.#open?.closePart() ?? '')
          : ''
      case 'state':
        if (this.#stateSaid === event) return ''
        return event.on === 'tool_call'
          ? this.#begin() + this.#sayStateItem(event.state)
          : this.#sayState(event)
      case 'tool_call':
        return this.#sayCall(event, next)
      case 'citation':
        return this.#cite(event)
      case 'logprobs':
        if (this.#open instanceof OpenMessage) this.#open.tell(event.tokens)
        return ''
      case 'media':
        return this.#sayMedia(event)
      default:
        return ''
    }
  }

  #sayWords(type: 'output_text' | 'refusal', text: string): string {
    if (text === '') return ''
    let out = this.#begin()
    if (!(this.#open instanceof OpenMessage)) {
      out += this.#closeAll()
      const index = this.#nextIndex++
      this.#open = new OpenMessage(this.#writer, this.#ids.item('msg', index), index)
      out += this.#open.open()
    }
    out += this.#open.say(type, text, this.#textLength)
    if (type === 'output_text') this.#textLength += text.length
    return out
  }

  #reasoning(say: (item: OpenReasoning) => string): string {
    let out = ''
    if (!(this.#open instanceof OpenReasoning)) {
      out += this.#closeAll()
      const index = this.#nextIndex++
      this.#open = new OpenReasoning(this.#writer, this.#about, this.#ids.item('rs', index), index)
      out += this.#open.open()
    }
    return out + say(this.#open)
  }

  /** The state ends the thoughts that it proves; one of its own is an item without words. */
  #sayState({ state, on }: Extract<Event, { type: 'state' }>): string {
    // In the order of the wire: each of these takes the next sequence number.
    const begun = this.#begin()
    const closing = on === 'reasoning' ? '' : this.#closeAll()
    const said = this.#reasoning((item) => {
      item.state = state
      return ''
    })
    return begun + closing + said + this.#closeAll()
  }

  /** The state of a call, which may still be open beside it. */
  #sayStateItem(state: Extract<Event, { type: 'state' }>['state']): string {
    const before = this.#closeOpen()
    const index = this.#nextIndex++
    const item = new OpenReasoning(this.#writer, this.#about, this.#ids.item('rs', index), index)
    item.state = state
    return before + item.open() + this.#close(item, index)
  }

  #sayCall(event: Extract<Event, { type: 'tool_call' }>, next: Event | undefined): string {
    const known = this.#calls.get(event.index)
    if (known) return known.say(event.arguments)
    let out = this.#begin() + this.#closeOpen()
    // The state of a call that came whole stands before it, where a client's echo finds it again.
    if (next?.type === 'state' && next.on === 'tool_call') {
      this.#stateSaid = next
      out += this.#sayStateItem(next.state)
    }
    const index = this.#nextIndex++
    const id = this.#ids.item(event.custom ? 'ctc' : 'fc', index)
    const call = new OpenCall(this.#writer, this.#about, event, id, index)
    this.#calls.set(event.index, call)
    this.#openCalls.set(call, index)
    return out + call.open() + call.say(event.arguments)
  }

  #cite({ citation }: Extract<Event, { type: 'citation' }>): string {
    const said = this.#open instanceof OpenMessage ? this.#open.cite(citation) : undefined
    if (said === undefined) this.#lost.lose('answer_citation')
    return said ?? ''
  }

  #sayMedia({ mediaType, data, transcript }: Extract<Event, { type: 'media' }>): string {
    if (!mediaType.startsWith('image/')) return this.#sayWords('output_text', transcript ?? '')
    const before = this.#begin() + this.#closeAll()
    const output_index = this.#nextIndex++
    const id = this.#ids.item('ig', output_index)
    const item = imageItem(id, mediaType, data)
    this.#output[output_index] = item
    return (
      before +
      this.#writer.event('response.output_item.added', {
        output_index,
        item: imageItem(id, mediaType, null),
      }) +
      this.#writer.event('response.output_item.done', { output_index, item })
    )
  }

  #begin(): string {
    if (this.#begun) return ''
    this.#begun = true
    const response = this.#response(undefined)
    return (
      this.#writer.event('response.created', { response }) +
      this.#writer.event('response.in_progress', { response })
    )
  }

  #closeOpen(): string {
    const open = this.#open
    if (open === undefined) return ''
    this.#open = undefined
    return this.#close(open, this.#nextIndex - 1)
  }

  #closeAll(): string {
    let out = this.#closeOpen()
    for (const [call, index] of this.#openCalls) out += this.#close(call, index)
    this.#openCalls.clear()
    return out
  }

  #close(item: OpenItem, index: number): string {
    const out = item.close()
    this.#output[index] = item.item
    return out
  }

  #response(end: ChoiceEnd | undefined): JsonObject {
    const output = end === undefined ? [] : this.#output
    const refused = this.#refused && this.#calls.size === 0
    const state = { model: this.#model, output, usage: this.#usage, end, refused }
    return responseObject(this.#about, end === undefined ? { ...state, usage: null } : state)
  }
}
