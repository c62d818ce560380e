import { createHash } from 'node:crypto'
import type { HeaderPairs } from '../../../core/http.ts'
import { isObject, type Json, type JsonObject, stringAt } from '../../../core/json.ts'
import type { RequestFacts } from '../../../core/protocol.ts'
import type { Secrets } from '../../../core/secrets/secrets.ts'
import { protocolNamed } from '../../../protocols/index.ts'
import { canonicalJson } from '../../detectors/canonical.ts'
import { withoutVolatile } from '../../diff/volatile-fields.ts'
import { parsedJson } from '../../view/raw-event.ts'
import { withToolResultsInOrder } from './conversation.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { neutralText } from './neutral-text.ts'
import type { VaryingTexts } from './varying-texts.ts'

export interface RequestParts {
  method: string
  url: string
  headers: HeaderPairs
  body: Uint8Array
}

export interface ReadingParts {
  /** Overwrites the request's secrets; null where a recorder did. */
  secrets: Secrets | null
  texts: VaryingTexts
}

/** What a request asks, recorded or new: both are read by this, so that equal ones are. What it says is found out when asked for. */
export class AskedRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderPairs
  readonly endpoint: Endpoint
  readonly #body: Uint8Array
  readonly #parts: ReadingParts
  readonly #texts = new Map<string, string>()
  #neutral: string | undefined
  #json: { value: Json | undefined } | undefined
  #steady: JsonObject | null | undefined
  #same: JsonObject | null | undefined

  constructor({ method, url, headers, body }: RequestParts, parts: ReadingParts) {
    this.method = method.toUpperCase()
    this.url = url
    this.headers = headers
    this.endpoint = endpointOf(this.method, url, headers)
    this.#body = body
    this.#parts = parts
  }

  /** The body, with the same words in the place of its secrets. */
  get neutral(): string {
    this.#neutral ??= neutralText(this.#body, this.#parts.secrets)
    return this.#neutral
  }

  /** Undefined: it is none. */
  get json(): Json | undefined {
    this.#json ??= { value: parsedJson(this.neutral) }
    return this.#json.value
  }

  get model(): string | null {
    const { json, endpoint } = this
    return endpoint.model ?? (isObject(json) ? (stringAt(json, 'model') ?? null) : null)
  }

  /** Requests of different groups never match: what they ask for, of which model, and whether as a stream. */
  get group(): string {
    const { endpoint, json, model } = this
    const isStream = isObject(json) && json.stream === true
    return `${endpoint.name}${isStream ? ' stream' : ''} ${model === null ? '' : plainModel(model)}`
  }

  /** Without what is volatile, and without what its group says. Null: it is no JSON object. */
  get steady(): JsonObject | null {
    if (this.#steady === undefined) this.#steady = steadyOf(this.json)
    return this.#steady
  }

  /** The same, with the same words in the place of dates, ids and folders, and tools’ results in the order of their calls. */
  get same(): JsonObject | null {
    if (this.#same === undefined) {
      const { steady } = this
      this.#same =
        steady && orNull(() => withToolResultsInOrder(this.#parts.texts.same(steady) as JsonObject))
    }
    return this.#same
  }

  /** Its conversation, by `same`; null where it has none. */
  get facts(): RequestFacts | null {
    const { same, endpoint } = this
    if (same === null || (endpoint.kind !== 'generate' && endpoint.kind !== 'count_tokens')) return null
    try {
      return protocolNamed(endpoint.protocol).readRequest(same)
    } catch {
      // Of a shape that nobody knows.
      return null
    }
  }

  /** A text of it that is computed once; '' is a text too. */
  text(name: string, make: () => string): string {
    let text = this.#texts.get(name)
    if (text === undefined) {
      text = make()
      this.#texts.set(name, text)
    }
    return text
  }
}

export function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:`).update(text)
  return hash.digest('base64url')
}

/** A model is meant with or without its date, whatever its case. */
function plainModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, '')
}

/** Canonical JSON, or null where it is nested too deeply for anybody. */
export function canonicalOf(json: Json): string | null {
  return orNull(() => canonicalJson(json))
}

function steadyOf(json: Json | undefined): JsonObject | null {
  if (!isObject(json)) return null
  return orNull(() => {
    const clean = withoutVolatile('request')(json) as JsonObject
    delete clean.model
    delete clean.stream
    return clean
  })
}

/** What comes from outside may be nested deeper than there is room for. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
