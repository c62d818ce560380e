import type { Event } from '../core/event.ts'
import type { Json } from '../core/json.ts'
import type { ElementDecoder, StreamFraming } from '../core/protocol.ts'
import type { FramingReader, StreamElement } from './framing.ts'
import { JsonArrayReader } from './json-array.ts'
import { SseReader } from './sse.ts'

/** What one protocol makes of the elements of one streamed answer. Must not throw. */
export interface AnswerReader {
  /** Appends the events of an element; `name` is its SSE event name, empty without one. */
  read(element: Json, name: string, events: Event[]): void
  /** A `[DONE]` line. */
  done?(events: Event[]): void
  /** The protocol's own end has been seen. */
  readonly finished: boolean
  /** An error event has been seen: terminal too, and nothing needs to close the framing after it. */
  readonly failed: boolean
  readonly lastSequence?: number | undefined
  /** Nothing more can come, where that is more than `finished`: chat's usage comes after its finish reasons. */
  readonly exhausted?: boolean
}

/** Decodes one streamed answer: `framing` cuts the bytes, `reader` says what the elements mean. */
export function streamDecoder(framing: StreamFraming, reader: AnswerReader): ElementDecoder {
  return new AnswerDecoder(framing === 'sse' ? new SseReader() : new JsonArrayReader(), reader)
}

class AnswerDecoder implements ElementDecoder {
  readonly #framing: FramingReader
  readonly #reader: AnswerReader
  #eventsSeen = 0

  constructor(framing: FramingReader, reader: AnswerReader) {
    this.#framing = framing
    this.#reader = reader
  }

  get terminal(): boolean {
    return this.#reader.failed || (this.#reader.finished && this.#framing.closed)
  }

  get complete(): boolean {
    return this.terminal && (this.#reader.failed || (this.#reader.exhausted ?? true))
  }

  get betweenBlocks(): boolean {
    return this.#framing.betweenBlocks
  }

  get eventsSeen(): number {
    return this.#eventsSeen
  }

  get lastSequence(): number | undefined {
    return this.#reader.lastSequence
  }

  push(bytes: Uint8Array): Event[] {
    const events: Event[] = []
    for (const element of this.#framing.push(bytes)) this.#read(element, events, true)
    return events
  }

  end(): Event[] {
    const events: Event[] = []
    for (const element of this.#framing.end()) this.#read(element, events, false)
    return events
  }

  element(name: string, text: string, json: Json | undefined, whole: boolean): Event[] {
    const events: Event[] = []
    if (isDone(text)) this.#done(events)
    else this.#take(json, name, events, whole)
    return events
  }

  #read({ text, name }: StreamElement, events: Event[], whole: boolean): void {
    if (text !== null && isDone(text)) this.#done(events)
    else if (text !== null) this.#take(parsed(text), name, events, whole)
    else if (whole) this.#unknown('dropped', events)
  }

  #done(events: Event[]): void {
    this.#eventsSeen++
    this.#reader.done?.(events)
  }

  /** `whole` false: the end of the bytes may have cut it, so that what cannot be read was never sent. */
  #take(value: Json | undefined, name: string, events: Event[], whole: boolean): void {
    if (value === undefined) {
      if (whole) this.#unknown('not_json', events)
      return
    }
    this.#eventsSeen++
    this.#reader.read(value, name, events)
  }

  #unknown(name: string, events: Event[]): void {
    this.#eventsSeen++
    events.push({ type: 'unknown', name })
  }
}

function isDone(text: string): boolean {
  return text.startsWith('[DONE]')
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
