import type { Chunk } from './view.ts'

/** Where growing begins. To `mediumBytes` it goes in large steps, from `largeBytes` on in small ones. */
const firstBytes = 2048
const mediumBytes = 32 * 1024
const largeBytes = 1024 * 1024

/** Chunks that are told apart in a body that is forgotten. */
const mostForgotten = 100_000
/** What a chunk takes beside its bytes. */
const chunkBytes = 32

const noBytes = Buffer.alloc(0)

/**
 * The chunks of one leg's body as they come, with their bytes in one piece: a stream has hundreds of small ones. What is
 * given is copied; chunks are made when they are looked at.
 */
export class BodyChunks {
  length = 0
  readonly #starts: number[] = []
  readonly #atNs: number[] = []
  readonly #entries: number[] = []
  /** By the chunk's number: few have any. */
  #missing: Map<number, number> | null = null
  #encodings: Map<number, string> | null = null
  #room = noBytes
  #isForgotten = false
  #chunks: Chunk[] | null = null

  /** Of memory, about. */
  get size(): number {
    return this.#room.length + chunkBytes * this.count
  }

  get count(): number {
    return this.#starts.length
  }

  add(bytes: Uint8Array, atNs: number, entry: number): void {
    if (this.#isForgotten && this.count >= mostForgotten) return this.extend(bytes)
    this.#starts.push(this.length)
    this.#atNs.push(atNs)
    this.#entries.push(entry)
    this.extend(bytes)
  }

  /** More of the last chunk. */
  extend(bytes: Uint8Array): void {
    const start = this.length
    this.length = start + bytes.length
    this.#chunks = null
    if (this.#isForgotten) return
    if (this.length > this.#room.length) this.#grow()
    this.#room.set(bytes, start)
  }

  /** Of the last chunk, beside those that are known to be. */
  miss(bytes: number): void {
    const last = this.count - 1
    if (bytes === 0) return
    this.#missing ??= new Map()
    this.#missing.set(last, bytes + (this.#missing.get(last) ?? 0))
    this.#chunks = null
  }

  /** The last chunk's, which could not be undone. */
  encoded(encoding: string): void {
    this.#encodings ??= new Map()
    this.#encodings.set(this.count - 1, encoding)
  }

  /** Its bytes make room: they are missing from now on, and those that come are only counted. */
  forget(): void {
    this.#isForgotten = true
    this.#room = noBytes
    this.#chunks = null
  }

  get isForgotten(): boolean {
    return this.#isForgotten
  }

  body(): Uint8Array {
    if (this.#isForgotten) return noBytes
    return this.#room.length === this.length ? this.#room : this.#room.subarray(0, this.length)
  }

  chunks(): readonly Chunk[] {
    this.#chunks ??= this.#starts.map((start, number) => {
      const end = this.#starts[number + 1] ?? this.length
      const forgotten = this.#isForgotten ? end - start : 0
      const chunk = new BodyChunk(this.#room, start, end - forgotten)
      chunk.atNs = this.#atNs[number] ?? 0
      chunk.entry = this.#entries[number] ?? 0
      chunk.missing = forgotten + (this.#missing?.get(number) ?? 0)
      const encoding = this.#encodings?.get(number)
      if (encoding !== undefined) chunk.enc = encoding
      return chunk
    })
    return this.#chunks
  }

  /** A body that comes in one piece takes no more room than it needs. */
  #grow(): void {
    const before = this.#room.length
    const factor = before < mediumBytes ? 4 : before < largeBytes ? 2 : 1.25
    const size = before === 0 ? this.length : Math.max(firstBytes, this.length, Math.ceil(factor * before))
    const room = Buffer.allocUnsafeSlow(size)
    this.#room.copy(room)
    this.#room = room
  }
}

/** Bytes of a chunk, which need not be looked at for it. */
export function chunkLength(chunk: Chunk): number {
  return chunk instanceof BodyChunk ? chunk.length : chunk.bytes.length
}

/** Its bytes are a view that is made when it is asked for. */
class BodyChunk implements Chunk {
  atNs = 0
  entry = 0
  missing = 0
  declare enc?: string
  readonly length: number
  readonly #body: Buffer
  readonly #start: number

  constructor(body: Buffer, start: number, end: number) {
    this.#body = body
    this.#start = start
    this.length = end - start
  }

  get bytes(): Uint8Array {
    return this.#body.subarray(this.#start, this.#start + this.length)
  }
}
