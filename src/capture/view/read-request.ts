import type { Call } from '../../core/call.ts'
import { isObject, type Json, type JsonObject, stringAt } from '../../core/json.ts'
import type { RequestPlace } from '../../core/protocol.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { knownProtocol, protocolOfRequest, protocolOfUrl } from './protocol-of.ts'
import { parsedJson } from './raw-event.ts'
import type { RequestReading } from './reading.ts'
import type { LegView } from './view.ts'

/** Reads a request leg; `protocol` as for `readAnswer`, null: what its URL and body look like. */
export function readRequest(leg: LegView, protocol: string | null): RequestReading {
  return new LazyRequest(leg, protocol)
}

class LazyRequest implements RequestReading {
  readonly #leg: LegView
  readonly #named: string | null
  #json: { value: Json | undefined } | undefined
  #call: { value: Call | null } | undefined

  constructor(leg: LegView, protocol: string | null) {
    this.#leg = leg
    this.#named = protocol
  }

  get json(): Json | undefined {
    this.#json ??= {
      value: parsedJson(
        Buffer.from(this.#leg.body())
          .toString('utf8')
          .replace(/^\ufeff/, ''),
      ),
    }
    return this.#json.value
  }

  get call(): Call | null {
    this.#call ??= { value: this.#decoded() }
    return this.#call.value
  }

  #decoded(): Call | null {
    const json = this.json
    const name =
      this.#named === null
        ? (protocolOfUrl(this.#leg.url) ?? protocolOfRequest(json))
        : knownProtocol(this.#named)
    if (name === null || !isObject(json)) return null
    try {
      return protocolNamed(name).decodeRequest(json, placeOf(this.#leg.url, json))
    } catch {
      // A request that nobody can understand is no call; the provider's refusal says why.
      return null
    }
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
