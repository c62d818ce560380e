import type { Call } from '../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import type { RequestPlace } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { knownProtocol, protocolOfRequest, protocolOfUrl } from './protocol-of.ts'
import { parsedJson } from './raw-event.ts'
import type { Placed, ReadBody } from './read-body.ts'
import type { RequestReading } from './reading.ts'
import type { LegView } from './view.ts'

/** What a request says again that was read already. */
export interface ReadBefore {
  /** May know a body that is alike; null for what is better read as a whole. */
  read(bytes: Buffer): ReadBody | null
  /** The request that this one passes on. */
  passedOn?(): RequestReading | null
}

/** Reads a request leg; `protocol` as for `readAnswer`, null: what its URL and body look like. */
export function readRequest(leg: LegView, protocol: string | null, before?: ReadBefore): RequestReading {
  return new LazyRequest(leg, protocol, before)
}

class LazyRequest implements RequestReading {
  readonly #leg: LegView
  readonly #named: string | null
  readonly #before: ReadBefore | undefined
  #read: { body: ReadBody | null; json: Json | undefined } | undefined
  #call: { value: Call | null } | undefined
  #model: { name: string | null } | undefined

  constructor(leg: LegView, protocol: string | null, before: ReadBefore | undefined) {
    this.#leg = leg
    this.#named = protocol
    this.#before = before
  }

  get json(): Json | undefined {
    return this.#parts().json
  }

  get placed(): readonly Placed[] {
    return [...(this.#parts().body?.placed() ?? [])]
  }

  get call(): Call | null {
    this.#call ??= { value: this.#decoded() }
    return this.#call.value
  }

  get model(): string | null {
    this.#model ??= { name: this.call?.model ?? null }
    return this.#model.name
  }

  rest(): void {
    if (this.#call) this.#model = { name: this.model }
    this.#call = undefined
    // What is known from other bodies takes little of its own.
    if (!this.#read?.body) this.#read = undefined
  }

  #parts(): { body: ReadBody | null; json: Json | undefined } {
    this.#read ??= this.#parsed()
    return this.#read
  }

  #parsed() {
    const { buffer, byteOffset, byteLength } = this.#leg.body()
    const bytes = Buffer.from(buffer, byteOffset, byteLength)
    const body = this.#before?.read(bytes) ?? null
    return { body, json: body ? body.json : parsedJson(bytes.toString('utf8').replace(/^\ufeff/, '')) }
  }

  #decoded(): Call | null {
    const { json } = this
    const name = this.#protocol()
    if (name === null || !isObject(json)) return null
    const place = placeOf(this.#leg.url, json)
    const other = this.#before?.passedOn?.()
    if (other instanceof LazyRequest && other.#saysTheSame(name, json, place)) {
      const { call } = other
      return call && { ...call, ...ownOf(name, json, place) }
    }
    try {
      return protocolNamed(name).decodeRequest(json, place)
    } catch {
      // A request that nobody can understand is no call; the provider's refusal says why.
      return null
    }
  }

  #protocol(): ProtocolName | null {
    if (this.#named !== null) return knownProtocol(this.#named)
    return protocolOfUrl(this.#leg.url) ?? protocolOfRequest(this.json)
  }

  /** But for what the proxy sets in it: all else are the very same values. */
  #saysTheSame(name: ProtocolName, said: JsonObject, { stream }: RequestPlace): boolean {
    const { json } = this
    if (!isObject(json) || this.#protocol() !== name) return false
    if (placeOf(this.#leg.url, json).stream !== stream) return false
    const isClients = (key: string) => !isProxys(name, key)
    const keys = Object.keys(said).filter(isClients)
    const own = Object.keys(json).filter(isClients)
    return keys.length === own.length && keys.every((key, at) => key === own[at] && said[key] === json[key])
  }
}

/** The proxy may set it. */
function isProxys(name: ProtocolName, key: string): boolean {
  return key === 'model' || (key === 'stream_options' && name === 'openai-chat')
}

/** What a call has of such members: nothing else in it depends on them. */
function ownOf(name: ProtocolName, json: JsonObject, place: RequestPlace): Partial<Call> {
  const named = name === 'anthropic-messages' ? stringAt(json, 'model') : undefined
  return {
    model: named || place.model,
    ...(name === 'openai-chat' && {
      usageAsked: objectAt(json, 'stream_options')?.include_usage === true,
    }),
  }
}

/** Gemini says in its path what the others say in the body: `/v1beta/models/MODEL:METHOD`. */
function placeOf(url: string | null, body: JsonObject): RequestPlace {
  const found = /\/models\/([^?#]+):(\w+)(?:[?#]|$)/.exec(url ?? '')
  if (!found) return { model: stringAt(body, 'model') ?? '', stream: body.stream === true }
  return { model: decoded(found[1] ?? ''), stream: found[2] === 'streamGenerateContent' }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
