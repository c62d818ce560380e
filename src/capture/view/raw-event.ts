import type { Json } from '../../core/json.ts'
import type { RawEvent, Spot } from './reading.ts'

/** A block or element as it stood there, wherever that was; its JSON is parsed when first asked for. */
export class EventBlock {
  readonly name: string | null
  readonly data: string
  readonly isComment: boolean
  readonly isWhole: boolean
  #json: Json | undefined
  #parsed = false

  constructor(name: string | null, data: string, isComment: boolean, isWhole: boolean) {
    this.name = name
    this.data = data
    this.isComment = isComment
    this.isWhole = isWhole
  }

  get json(): Json | undefined {
    if (!this.#parsed) this.#json = parsedJson(this.data)
    this.#parsed = true
    return this.#json
  }
}

/** One block or element in its place; another leg may have the same in another. */
export class ReadEvent implements RawEvent {
  readonly offset: number
  readonly entry: number
  readonly atNs: number
  readonly block: EventBlock

  constructor({ offset, entry, atNs }: Spot, block: EventBlock) {
    this.offset = offset
    this.entry = entry
    this.atNs = atNs
    this.block = block
  }

  get name(): string | null {
    return this.block.name
  }

  get data(): string {
    return this.block.data
  }

  get isComment(): boolean {
    return this.block.isComment
  }

  get isWhole(): boolean {
    return this.block.isWhole
  }

  get json(): Json | undefined {
    return this.block.json
  }
}

export function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
