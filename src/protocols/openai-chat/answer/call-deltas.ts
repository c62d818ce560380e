import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { chatIds, idForClient, inventedId } from '../../translation/tool-call-ids.ts'
import { signatureHolder } from '../signature-holder.ts'

type CallEvent = Extract<Event, { type: 'tool_call' }>

interface OpenCall {
  /** Its ordinal in the answer, of which an id is made where there is none. */
  ordinal: number
  /** Its ordinal in the choice, once it has begun. */
  index: number | null
  id: string
  custom: boolean
  /** Held until the name is known. */
  arguments: string
  signature: JsonObject
}

/** No answer has that many, nor arguments that long before a name. */
const maxCalls = 4096
const maxHeld = 1_000_000

/** The `tool_calls` deltas of one choice: id, type and name come first and once, in the order in which names come. */
export class CallDeltas {
  readonly #about: AnswerAbout
  readonly #calls = new Map<number, OpenCall>()
  #begun = 0
  #latest: OpenCall | undefined

  constructor(about: AnswerAbout) {
    this.#about = about
  }

  get called(): boolean {
    return this.#calls.size > 0
  }

  of(event: CallEvent): JsonObject[] {
    const call = this.#calls.get(event.index) ?? this.#open(event)
    if (call === undefined) return []
    this.#latest = call
    if (call.index !== null) return event.arguments === '' ? [] : [this.#more(call, event.arguments)]
    call.id ||= event.id ?? ''
    call.custom ||= event.custom === true
    call.arguments += event.arguments
    const isDue = event.name !== undefined || call.arguments.length > maxHeld
    return isDue ? [this.#begin(call, event.name ?? '')] : []
  }

  /** The signature of the thoughts behind the latest call. */
  sign(data: string): JsonObject[] {
    const call = this.#latest
    if (call === undefined) return []
    if (call.index !== null) return [{ index: call.index, ...signatureHolder(data) }]
    call.signature = signatureHolder(data)
    return []
  }

  /** The calls whose name never came. */
  end(): JsonObject[] {
    return [...this.#calls.values()].flatMap((call) => (call.index === null ? [this.#begin(call, '')] : []))
  }

  #open({ index: ordinal }: CallEvent): OpenCall | undefined {
    if (this.#calls.size >= maxCalls) return undefined
    const call: OpenCall = { ordinal, index: null, id: '', custom: false, arguments: '', signature: {} }
    this.#calls.set(ordinal, call)
    return call
  }

  #begin(call: OpenCall, name: string): JsonObject {
    const { id, ordinal, custom, signature } = call
    const args = call.arguments
    call.index = this.#begun++
    call.arguments = ''
    return {
      index: call.index,
      id: id === '' ? inventedId(this.#about.exchangeId, ordinal) : idForClient(id, chatIds),
      ...(custom
        ? { type: 'custom', custom: { name, input: args } }
        : { type: 'function', function: { name, arguments: args } }),
      ...signature,
    }
  }

  #more({ index, custom }: OpenCall, args: string): JsonObject {
    return custom ? { index, custom: { input: args } } : { index, function: { arguments: args } }
  }
}
