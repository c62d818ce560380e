import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { errorEvent, readReportedError } from '../reported-error.ts'
import { stopReason } from '../stop-reason.ts'
import type { AnswerReader } from '../stream-decoder.ts'
import { filled, hasSubstance } from '../substance.ts'
import { UsageReports } from '../usage-parts.ts'
import { ContentBlocks } from './content-blocks.ts'
import { messageStopReason } from './stop-words.ts'
import { mergedUsage, readMessageUsage } from './usage.ts'

type EventReader = (reader: MessageReader, event: JsonObject, events: Event[]) => void

const eventReaders: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['message_start', (reader, event, events) => reader.start(objectAt(event, 'message') ?? {}, events)],
  [
    'content_block_start',
    (reader, event, events) => reader.block('start', event.content_block, event, events),
  ],
  ['content_block_delta', (reader, event, events) => reader.block('delta', event.delta, event, events)],
  ['content_block_stop', (reader, event, events) => reader.blocks.stop(indexOf(event), events)],
  ['message_delta', (reader, event, events) => reader.delta(event, events)],
  ['message_stop', (reader, _event, events) => reader.stop(events)],
  ['ping', (_reader, _event, events) => events.push({ type: 'ping' })],
  ['error', (reader, event, events) => reader.fail(event, events)],
])

/** Reads the events of a streamed message. */
export class MessageReader implements AnswerReader {
  failed = false
  finished = false
  blocks = new ContentBlocks()
  readonly #reports = new UsageReports()
  #usage: JsonObject = {}
  #stopWord = ''
  #stopSequence: string | undefined
  #id: string | undefined

  read(event: Json, name: string, events: Event[]): void {
    if (!isObject(event)) {
      events.push({ type: 'unknown', name: 'event' })
      return
    }
    const type = filled(event.type) ?? name
    const read = eventReaders.get(type)
    if (read !== undefined) read(this, event, events)
    else if (hasSubstance(event.error)) this.fail(event, events)
    else events.push({ type: 'unknown', name: type === '' ? 'event' : type })
  }

  start(message: JsonObject, events: Event[]): void {
    const id = filled(message.id)
    if (this.#id !== undefined && this.#id === id && !this.finished) {
      events.push({ type: 'structure', name: 'message_start' })
      return
    }
    this.#id = id
    // A message may follow another in one stream (a tool run by the provider's code): it is not at its end yet.
    if (this.finished) this.blocks = new ContentBlocks(this.blocks)
    this.finished = false
    const model = filled(message.model)
    events.push({ type: 'start', ...(id !== undefined && { id }), ...(model !== undefined && { model }) })
    for (const [index, block] of (Array.isArray(message.content) ? message.content : []).entries()) {
      this.blocks.whole(block, index, events)
    }
    // The output count of the start is the first token or so, not a report of the completion.
    this.#usage = mergedUsage({}, message.usage)
    const { output_tokens: _first, ...prompt } = this.#usage
    this.#report(prompt, events)
    this.#stopWord = filled(message.stop_reason) ?? ''
    this.#stopSequence = filled(message.stop_sequence)
  }

  block(step: 'start' | 'delta', content: Json | undefined, event: JsonObject, events: Event[]): void {
    if (isObject(content)) this.blocks[step](content, indexOf(event), events)
    else events.push({ type: 'unknown', name: `content_block_${step}` })
  }

  delta(event: JsonObject, events: Event[]): void {
    const delta = objectAt(event, 'delta')
    this.#stopWord = stringAt(delta, 'stop_reason') ?? this.#stopWord
    this.#stopSequence = filled(delta?.stop_sequence) ?? this.#stopSequence
    if (!isObject(event.usage)) {
      events.push({ type: 'structure', name: 'message_delta' })
      return
    }
    this.#usage = mergedUsage(this.#usage, event.usage)
    this.#report(this.#usage, events)
  }

  stop(events: Event[]): void {
    if (this.finished) return
    this.finished = true
    this.blocks.finish(events)
    events.push(messageEnd(this.#stopWord, this.#stopSequence, this.blocks.toolCalled))
  }

  fail(event: JsonObject, events: Event[]): void {
    this.failed = true
    events.push(errorEvent(readReportedError(event)))
  }

  #report(reported: JsonObject, events: Event[]): void {
    const usage = readMessageUsage(reported)
    if (usage !== undefined && this.#reports.takes(usage)) events.push({ type: 'usage', usage })
  }
}

export function messageEnd(word: string, stopSequence: string | undefined, toolCalled: boolean): Event {
  const reason = stopReason(messageStopReason(word), { toolCalled, refused: false })
  return { type: 'end', reason, raw: word, ...(stopSequence !== undefined && { stopSequence }) }
}

function indexOf(event: JsonObject): number {
  return typeof event.index === 'number' ? event.index : 0
}
