import type { Event, StopReason } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { stopReason } from '../stop-reason.ts'
import type { AnswerReader } from '../stream-decoder.ts'
import { filled, hasSubstance } from '../substance.ts'
import { OutputItems } from './output-items.ts'
import { responseEnd } from './response-end.ts'
import { readResponseUsage } from './usage.ts'

type EventReader = (reader: ResponsesReader, event: JsonObject, events: Event[]) => void

const delta =
  (type: 'text' | 'reasoning' | 'refusal'): EventReader =>
  (reader, event, events) => {
    reader.items.text(type, event.delta, outputOf(event), partOf(event), events)
    if (type === 'text') reader.items.logprobs(event.logprobs, outputOf(event), partOf(event), events)
  }

/** The whole text of a part, for providers that send no deltas of it. */
const wholeText =
  (type: 'text' | 'reasoning' | 'refusal', key: string): EventReader =>
  (reader, event, events) => {
    if (reader.items.hasPart(outputOf(event), partOf(event))) events.push(structure(event))
    else reader.items.text(type, event[key], outputOf(event), partOf(event), events)
  }

const toolInput =
  (key: string, whole: boolean): EventReader =>
  (reader, event, events) =>
    reader.items.arguments(event[key], outputOf(event), whole, events)

const begin: EventReader = (reader, event, events) => reader.begin(event.response, events)
const complete: EventReader = (reader, event, events) =>
  reader.complete(event.response, typeOf(event), events)
const ping: EventReader = (_reader, _event, events) => events.push({ type: 'ping' })

/** What each event type means whose name alone does not say it. */
const eventReaders: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['response.output_text.delta', delta('text')],
  ['response.reasoning_text.delta', delta('reasoning')],
  ['response.reasoning_summary_text.delta', delta('reasoning')],
  ['response.refusal.delta', delta('refusal')],
  ['response.output_text.done', wholeText('text', 'text')],
  ['response.reasoning_text.done', wholeText('reasoning', 'text')],
  ['response.reasoning_summary_text.done', wholeText('reasoning', 'text')],
  ['response.refusal.done', wholeText('refusal', 'refusal')],
  ['response.function_call_arguments.delta', toolInput('delta', false)],
  ['response.function_call_arguments.done', toolInput('arguments', true)],
  ['response.custom_tool_call_input.delta', toolInput('delta', false)],
  ['response.custom_tool_call_input.done', toolInput('input', true)],
  [
    'response.output_text.annotation.added',
    (reader, event, events) =>
      reader.items.annotation(event.annotation, outputOf(event), partOf(event), events),
  ],
  ['response.output_item.added', (reader, event, events) => reader.readItem('added', event, events)],
  ['response.output_item.done', (reader, event, events) => reader.readItem('done', event, events)],
  ['response.created', begin],
  ['response.in_progress', begin],
  ['response.queued', begin],
  ['response.completed', complete],
  ['response.incomplete', complete],
  ['response.failed', complete],
  ['error', (reader, event, events) => reader.fail(event, events)],
  ['keepalive', ping],
  ['ping', ping],
])

/** Endings of event types that carry content, and of those that only say how far something is. */
const contentEnding = /\.(?:delta|partial_image|annotation\.added|command\.added)$/
const structureEnding =
  /\.(?:added|done|queued|in_progress|searching|generating|interpreting|completed|failed)$/

/** Reads the typed events of a streamed response. */
export class ResponsesReader implements AnswerReader {
  failed = false
  finished = false
  lastSequence: number | undefined
  items = new OutputItems()
  #id: string | undefined
  #started = false

  read(event: Json, name: string, events: Event[]): void {
    if (!isObject(event)) {
      events.push({ type: 'unknown', name: 'event' })
      return
    }
    if (typeof event.sequence_number === 'number') this.lastSequence = event.sequence_number
    const type = filled(event.type) ?? name
    const read = eventReaders.get(type)
    if (read !== undefined) read(this, event, events)
    else if (type === '' && hasSubstance(event.error)) this.fail(event, events)
    else events.push(byEnding(type))
  }

  begin(response: Json | undefined, events: Event[]): void {
    const id = stringAt(response, 'id')
    if (this.#started && !(this.finished && id !== this.#id)) {
      events.push({ type: 'structure', name: stringAt(response, 'status') ?? 'response' })
      return
    }
    if (this.finished) this.items = new OutputItems(this.items)
    this.finished = false
    this.#started = true
    this.#id = id
    const model = stringAt(response, 'model')
    events.push({ type: 'start', ...(id && { id }), ...(model && { model }) })
  }

  readItem(state: 'added' | 'done', event: JsonObject, events: Event[]): void {
    const item = objectAt(event, 'item')
    if (item === undefined) events.push({ type: 'unknown', name: `output_item.${state}` })
    else this.items[state](item, outputOf(event), events)
  }

  /** The final response: its items if none came before, its usage, and how it ended. */
  complete(response: Json | undefined, type: string, events: Event[]): void {
    if (!this.finished && !this.items.any) this.readOutput(response, events)
    const usage = readResponseUsage(response)
    if (usage !== undefined) events.push({ type: 'usage', usage })
    if (this.finished) return
    const end = responseEnd(response, type)
    if (end.reason === 'failed') this.fail(isObject(response) ? response : {}, events)
    else events.push(this.#end(end.reason, end.raw))
    this.finished = true
  }

  readOutput(response: Json | undefined, events: Event[]): void {
    const output = isObject(response) ? response.output : undefined
    for (const [index, item] of (Array.isArray(output) ? output : []).entries()) {
      if (isObject(item)) this.items.done(item, index, events)
    }
  }

  /** Once: OpenAI sends `error` and then `response.failed` with the same error. */
  fail(event: JsonObject, events: Event[]): void {
    if (this.failed) return
    this.failed = true
    this.finished = true
    events.push(errorEvent(readReportedError(event)))
  }

  #end(said: StopReason, raw: string): Event {
    const { toolCalled, refused } = this.items
    return { type: 'end', reason: stopReason(said, { toolCalled, refused }), raw }
  }
}

function byEnding(type: string): Event {
  if (contentEnding.test(type)) return { type: 'content', kind: withoutPrefix(type) }
  if (structureEnding.test(type)) return { type: 'structure', name: withoutPrefix(type) }
  return { type: 'unknown', name: type === '' ? 'event' : type }
}

function structure(event: JsonObject): Event {
  return { type: 'structure', name: withoutPrefix(typeOf(event)) }
}

function withoutPrefix(type: string): string {
  return type.startsWith('response.') ? type.slice(9) : type
}

function typeOf(event: JsonObject): string {
  return filled(event.type) ?? ''
}

/** Some gateways change item ids from event to event; the output index stays. */
function outputOf(event: JsonObject): number {
  return typeof event.output_index === 'number' ? event.output_index : 0
}

function partOf(event: JsonObject): number {
  const part = event.content_index ?? event.summary_index
  return typeof part === 'number' ? part : 0
}
