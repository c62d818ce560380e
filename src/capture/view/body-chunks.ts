import { Rooms } from './rooms.ts'
import type { Chunk } from './view.ts'

/** Where growing begins. To `mediumBytes` it goes in large steps, from `largeBytes` on in small ones. */
const firstBytes = 2048
const mediumBytes = 32 * 1024
const largeBytes = 1024 * 1024
/** Of the room that a body takes in the end. */
const mostWaste = 1.25

/** Chunks that are told apart in a body that is forgotten. */
const mostForgotten = 100_000
/** What a chunk takes beside its bytes. */
const chunkBytes = 32

const noBytes = Buffer.alloc(0)
const rooms = new Rooms()

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
  /** Where the bytes are, with room for more; empty while all of them are in `#parts`. */
  #room: Buffer = noBytes
  /** A body that came in one piece, as the parts that it shares with others. */
  #parts: readonly Uint8Array[] | null = null
  #joined: Buffer | null = null
  #isClosed = false
  #isSettled = false
  #isForgotten = false
  #chunks: Chunk[] | null = null

  /** Of memory, about. */
  get size(): number {
    const bytes = this.#parts ? this.length : this.#room.length
    return bytes + chunkBytes * this.count
  }

  get count(): number {
    return this.#starts.length
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isForgotten(): boolean {
    return this.#isForgotten
  }

  add(bytes: Uint8Array, atNs: number, entry: number): void {
    if (!this.#isForgotten || this.count < mostForgotten) this.#begin(atNs, entry)
    this.extend(bytes)
  }

  /** The first chunk, of parts that may be kept. */
  addParts(parts: readonly Uint8Array[], atNs: number, entry: number): void {
    this.#begin(atNs, entry)
    this.#parts = parts
    for (const { length } of parts) this.length += length
  }

  /** More of the last chunk. */
  extend(bytes: Uint8Array): void {
    const start = this.length
    if (this.#parts) this.#join()
    else if (this.#isClosed) this.#reopen()
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
    this.#parts = null
    this.#joined = null
    this.#chunks = null
  }

  /** Nothing more should come. Takes no more memory than it needs; none for the same bytes as those of `other`. */
  close(other: BodyChunks | null): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const room = this.#room
    if (room.length === 0) return
    if (other?.isClosed && this.#equals(other)) this.#room = other.#room
    else if (room.length > this.length * mostWaste) this.#room = Buffer.from(room.subarray(0, this.length))
    if (this.#room !== room) rooms.giveBack(room)
  }

  /** It has been looked at: what can be made again is let go of. */
  settle(): void {
    this.#isSettled = true
    this.#joined = null
    this.#chunks = null
  }

  body(): Uint8Array {
    if (this.#isForgotten) return noBytes
    if (this.#parts) return this.#whole(this.#parts)
    return this.#room.length === this.length ? this.#room : this.#room.subarray(0, this.length)
  }

  chunks(): readonly Chunk[] {
    if (this.#chunks) return this.#chunks
    const chunks = this.#starts.map((start, number) => this.#chunk(start, number))
    if (!this.#isSettled) this.#chunks = chunks
    return chunks
  }

  #begin(atNs: number, entry: number): void {
    this.#starts.push(this.length)
    this.#atNs.push(atNs)
    this.#entries.push(entry)
  }

  #chunk(start: number, number: number): Chunk {
    const end = this.#starts[number + 1] ?? this.length
    const forgotten = this.#isForgotten ? end - start : 0
    const chunk = new BodyChunk(this, start, end - forgotten)
    chunk.atNs = this.#atNs[number] ?? 0
    chunk.entry = this.#entries[number] ?? 0
    chunk.missing = forgotten + (this.#missing?.get(number) ?? 0)
    const encoding = this.#encodings?.get(number)
    if (encoding !== undefined) chunk.enc = encoding
    return chunk
  }

  #equals(other: BodyChunks): boolean {
    const { length } = this
    return length === other.length && this.#room.compare(other.#room, 0, length, 0, length) === 0
  }

  #whole(parts: readonly Uint8Array[]): Buffer {
    if (this.#joined) return this.#joined
    const joined = Buffer.concat(parts, this.length)
    if (!this.#isSettled) this.#joined = joined
    return joined
  }

  /** Its parts become one piece that may grow. */
  #join(): void {
    this.#room = Buffer.concat(this.#parts ?? [], this.length)
    this.#parts = null
    this.#joined = null
    this.#isClosed = false
  }

  /** Others may look at what was closed, or share it: what comes after all goes on in a copy. */
  #reopen(): void {
    this.#room = Buffer.from(this.#room.subarray(0, this.length))
    this.#isClosed = false
  }

  /** A body that comes in one piece takes no more room than it needs. */
  #grow(): void {
    const room = this.#room
    const { length: before } = room
    const factor = before < mediumBytes ? 4 : before < largeBytes ? 2 : 1.25
    const size = Math.max(firstBytes, Math.ceil(factor * before))
    const isLarge = this.length > size
    this.#room = before === 0 || isLarge ? Buffer.allocUnsafeSlow(this.length) : rooms.take(size)
    room.copy(this.#room)
    rooms.giveBack(room)
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
  readonly #body: BodyChunks
  readonly #start: number

  constructor(body: BodyChunks, start: number, end: number) {
    this.#body = body
    this.#start = start
    this.length = end - start
  }

  get bytes(): Uint8Array {
    return this.#body.body().subarray(this.#start, this.#start + this.length)
  }
}
