import type { Answer } from '../../core/answer.ts'
import { type Event, isContent } from '../../core/event.ts'
import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { foldEvents } from '../../protocols/translation/fold-events.ts'
import { arrayEvents, type ReadEvents, streamEvents, wholeEvents } from './answer-events.ts'
import { arrayElements } from './array-elements.ts'
import { knownProtocol, protocolOfAnswer } from './protocol-of.ts'
import { parsedJson, ReadEvent } from './raw-event.ts'
import type { AnswerReading, DecodedEvent, Spot } from './reading.ts'
import { Spots } from './spots.ts'
import { looksLikeSse, sseBlocks } from './sse-blocks.ts'
import { isValidUtf8 } from './valid-utf8.ts'
import type { LegView } from './view.ts'

/**
 * Reads an answer leg, each part when it is first asked for. `protocol` is the leg's own (the backend's on BTP,
 * the client's on PTC); null: what the body itself looks like. `streamAsked` decides where nothing else does.
 */
export function readAnswer(leg: LegView, protocol: string | null, streamAsked = false): AnswerReading {
  return new LazyAnswer(leg, protocol, streamAsked)
}

/**
 * The same of a leg that may have passed on what another one brought: then all but the places is taken from there, and
 * nothing is read twice.
 */
export function readPassedOn(
  leg: LegView,
  protocol: string | null,
  streamAsked: boolean,
  from: AnswerReading,
): AnswerReading {
  const reading = new LazyAnswer(leg, protocol, streamAsked)
  if (from instanceof LazyAnswer) reading.takeFrom(from)
  return reading
}

const longestMessage = 4000

function isWord({ event }: DecodedEvent): boolean {
  return isContent(event) || event.type === 'end' || event.type === 'error'
}

class LazyAnswer implements AnswerReading {
  readonly #leg: LegView
  readonly #named: string | null
  readonly #streamAsked: boolean
  readonly #body: Buffer
  #spots: Spots | undefined
  #raw: readonly ReadEvent[] | undefined
  #text: string | undefined
  #json: { value: Json | undefined } | undefined
  #read: ReadEvents | undefined
  #answer: { value: Answer | null } | undefined
  #error: { value: AnswerReading['error'] } | undefined
  #isStream: boolean | undefined
  #kinds: ReadonlySet<Event['type']> | undefined
  #firstWord: { found: DecodedEvent | null } | undefined
  /** It read the same bytes in the same way. */
  #twin: LazyAnswer | null = null

  constructor(leg: LegView, protocol: string | null, streamAsked: boolean) {
    this.#leg = leg
    this.#named = protocol
    this.#streamAsked = streamAsked
    const bytes = leg.body()
    this.#body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  takeFrom(other: LazyAnswer): void {
    const isAlike =
      this.#named === other.#named &&
      this.#body.equals(other.#body) &&
      this.isStream === other.isStream &&
      this.#failed() === other.#failed()
    if (isAlike) this.#twin = other
  }

  get isStream(): boolean {
    this.#isStream ??= this.#looksStreamed()
    return this.#isStream
  }

  get raw(): readonly ReadEvent[] {
    if (!this.isStream) return []
    this.#raw ??= this.#cut()
    return this.#raw
  }

  get events(): readonly DecodedEvent[] {
    return this.#events().events
  }

  get kinds(): ReadonlySet<Event['type']> {
    this.#kinds ??= new Set(this.events.map(({ event }) => event.type))
    return this.#kinds
  }

  get firstWord(): DecodedEvent | null {
    this.#firstWord ??= { found: this.events.find(isWord) ?? null }
    return this.#firstWord.found
  }

  get json(): Json | undefined {
    if (this.isStream) return undefined
    if (this.#twin) return this.#twin.json
    this.#json ??= { value: parsedJson(this.text.replace(/^\ufeff/, '')) }
    return this.#json.value
  }

  get text(): string {
    if (this.#twin) return this.#twin.text
    this.#text ??= this.#body.toString('utf8')
    return this.#text
  }

  get isUtf8(): boolean {
    return isValidUtf8(this.#body)
  }

  get answer(): Answer | null {
    if (this.#twin) return this.#twin.answer
    this.#answer ??= { value: this.#folded() }
    return this.#answer.value
  }

  get isTerminated(): boolean {
    if (this.#failed() && !this.isStream) return true
    return this.#twin ? this.#twin.isTerminated : this.#events().isTerminal
  }

  get error(): AnswerReading['error'] {
    this.#error ??= { value: this.#failed() ? this.#refusal() : this.#told() }
    return this.#error.value
  }

  #cut(): ReadEvent[] {
    const spots = this.#at()
    if (this.#twin) return this.#twin.raw.map(({ offset, block }) => new ReadEvent(spots.at(offset), block))
    return this.#isArray() ? arrayElements(this.#body, spots) : sseBlocks(this.#body, spots)
  }

  rest(): void {
    if (this.#read) {
      // These are asked for of exchanges that came before.
      this.#kinds = this.kinds
      this.#firstWord = { found: this.firstWord }
    }
    this.#spots = undefined
    this.#raw = undefined
    this.#text = undefined
    this.#json = undefined
    this.#read = undefined
  }

  #at(): Spots {
    this.#spots ??= new Spots(this.#leg)
    return this.#spots
  }

  #failed(): boolean {
    return (this.#leg.status ?? 0) >= 400
  }

  #looksStreamed(): boolean {
    if (looksLikeSse(this.#body)) return true
    const first = this.#body.toString('latin1', 0, 64).trimStart()[0]
    if (first === '[') return this.#protocol([]) === 'gemini'
    if (first === '{') return false
    const type = headerValue(this.#leg.headers, 'content-type')
    return type === undefined ? this.#streamAsked && !this.#failed() : /^text\/event-stream/i.test(type)
  }

  #isArray(): boolean {
    return this.#body.toString('latin1', 0, 64).trimStart()[0] === '['
  }

  #protocol(samples: readonly (Json | undefined)[]): ProtocolName | null {
    const known = knownProtocol(this.#named)
    if (known !== null || this.#named !== null) return known
    for (const sample of samples) {
      const guessed = protocolOfAnswer(sample)
      if (guessed !== null) return guessed
    }
    return null
  }

  #events(): ReadEvents {
    this.#read ??= this.#twin ? this.#placed(this.#twin.#events()) : this.#decoded()
    return this.#read
  }

  #placed({ events, isTerminal }: ReadEvents): ReadEvents {
    const spots = this.#at()
    return { isTerminal, events: events.map(({ event, offset }) => ({ event, ...spots.at(offset) })) }
  }

  #decoded(): ReadEvents {
    const name = this.isStream
      ? this.#protocol(this.#named === null ? this.#samples() : [])
      : this.#protocol([this.json])
    if (name === null) return { events: [], isTerminal: this.json !== undefined }
    const protocol = protocolNamed(name)
    if (!this.isStream) return wholeEvents(protocol, this.json, this.#at().at(0))
    if (!this.#isArray()) return streamEvents(protocol, this.raw)
    return arrayEvents(protocol, this.#body, this.raw, this.#at())
  }

  /** The first events that say anything. */
  #samples(): (Json | undefined)[] {
    const found: Json[] = []
    for (const { json } of this.raw) {
      if (json !== undefined) found.push(json)
      if (found.length === 8) break
    }
    return found
  }

  #folded(): Answer | null {
    if (this.error !== null || this.events.length === 0) return null
    try {
      return foldEvents(
        this.events.map(({ event }) => event),
        '',
      )
    } catch {
      return null
    }
  }

  /** What an answer with status 400 or more says. */
  #refusal(): NonNullable<AnswerReading['error']> {
    const body = this.json ?? this.raw.find((event) => event.json !== undefined)?.json
    const told = body === undefined ? undefined : protocolNamed('openai-chat').decodeError(body)
    return {
      message: told?.message ?? this.text.trim().slice(0, longestMessage),
      type: told?.type ?? null,
      code: told?.code ?? null,
      status: told?.status ?? this.#leg.status,
      at: this.#at().at(0),
    }
  }

  /** An error in what began as a good answer. */
  #told(): AnswerReading['error'] {
    for (const { event, offset, entry, atNs } of this.events) {
      if (event.type !== 'error') continue
      const at: Spot = { offset, entry, atNs }
      return { message: event.message, type: event.errorType, code: event.code, status: event.status, at }
    }
    return null
  }
}
