import type { Json } from '../../core/json.ts'
import type { RawEvent, Spot } from './reading.ts'

interface Parts {
  name: string | null
  data: string
  isComment: boolean
  isWhole: boolean
}

/** One block or element as it stood there; its JSON is parsed when first asked for. */
export class ReadEvent implements RawEvent {
  readonly offset: number
  readonly entry: number
  readonly atNs: number
  readonly name: string | null
  readonly data: string
  readonly isComment: boolean
  readonly isWhole: boolean
  #json: Json | undefined
  #parsed = false

  constructor(spot: Spot, parts: Parts) {
    this.offset = spot.offset
    this.entry = spot.entry
    this.atNs = spot.atNs
    this.name = parts.name
    this.data = parts.data
    this.isComment = parts.isComment
    this.isWhole = parts.isWhole
  }

  get json(): Json | undefined {
    if (!this.#parsed) this.#json = parsedJson(this.data)
    this.#parsed = true
    return this.#json
  }
}

export function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
