import type { LegEnd } from '../../../src/capture/format/records.ts'
import { legView } from '../../../src/capture/view/leg.ts'
import type { LegView } from '../../../src/capture/view/view.ts'
import type { Leg } from '../../../src/core/exchange.ts'
import { type Block, blocksOf, blockText } from './blocks.ts'

/** A chunk of a leg under edit; milliseconds since the exchange was opened. */
export interface DraftChunk {
  ms: number
  bytes: Buffer
  /** It could not be decoded: so many bytes are not in the file. */
  undecoded?: { enc: string; bytes: number }
}

/** One leg that a test may change as it likes. Times are milliseconds since the exchange was opened. */
export class LegDraft {
  method: string | null = null
  url: string | null = null
  status: number | null = null
  headers: [name: string, value: string][] = []
  headMs: number | null = null
  chunks: DraftChunk[] = []
  end: { why: LegEnd; ms: number; error: string | null } | null = null
  missing = 0
  readonly leg: Leg
  attempt: number | null

  constructor(leg: Leg, attempt: number | null) {
    this.leg = leg
    this.attempt = attempt
  }

  clone(): LegDraft {
    const copy = Object.assign(new LegDraft(this.leg, this.attempt), this)
    copy.headers = this.headers.map(([name, value]) => [name, value])
    copy.chunks = this.chunks.map((chunk) => ({ ...chunk }))
    copy.end = this.end && { ...this.end }
    return copy
  }

  get body(): Buffer {
    return Buffer.concat(this.chunks.map(({ bytes }) => bytes))
  }

  get text(): string {
    return this.body.toString('utf8')
  }

  /** The body as JSON; throws where it is none. */
  get json() {
    return JSON.parse(this.text)
  }

  /** Puts another body in place: in as many chunks as there were bytes for, at the same times. */
  setBody(body: string | Buffer): this {
    const bytes = Buffer.from(body)
    const sizes = this.chunks.map((chunk) => chunk.bytes.length)
    const times = this.chunks.map((chunk) => chunk.ms)
    const lastMs = times.at(-1) ?? (this.headMs ?? 0) + 1
    this.chunks = []
    let at = 0
    for (const [i, size] of sizes.entries()) {
      const isLast = i === sizes.length - 1
      const piece = bytes.subarray(at, isLast ? undefined : at + size)
      if (piece.length > 0) this.chunks.push({ ms: times[i] ?? lastMs, bytes: piece })
      at += size
    }
    if (sizes.length === 0 && bytes.length > 0) this.chunks.push({ ms: lastMs, bytes })
    return this.#withLength()
  }

  /** Its encoding could not be undone: none of its bytes are in the file. */
  leaveUndecoded(enc: string): this {
    this.chunks = this.chunks.map(({ ms, bytes }) => ({
      ...{ ms, bytes: Buffer.alloc(0) },
      undecoded: { enc, bytes: bytes.length },
    }))
    return this
  }

  /** Changes the whole body as JSON, in place. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reaches into JSON of any shape.
  editJson(edit: (json: any) => unknown): this {
    const json = this.json
    edit(json)
    return this.setBody(JSON.stringify(json))
  }

  replaceText(from: string | RegExp, to: string): this {
    return this.setBody(this.text.replace(from, to))
  }

  /** The blocks of a stream with the time of their first byte. */
  blocks(): Block[] {
    let at = 0
    const starts = this.chunks.map((chunk) => {
      const start = { from: at, ms: chunk.ms }
      at += chunk.bytes.length
      return start
    })
    return blocksOf(this.text).map(({ offset, ...block }) => ({
      ...block,
      ms: starts.findLast(({ from }) => from <= offset)?.ms ?? 0,
    }))
  }

  /** Writes the stream anew, a chunk for each block, at the block's time (by default that of the one before). */
  setBlocks(blocks: readonly (Omit<Block, 'ms'> & { ms?: number })[]): this {
    let ms = this.chunks[0]?.ms ?? (this.headMs ?? 0) + 1
    this.chunks = blocks.map((block) => {
      ms = block.ms ?? ms
      return { ms, bytes: Buffer.from(blockText(block)) }
    })
    return this
  }

  /** Changes a stream's blocks, in place. */
  editBlocks(edit: (blocks: Block[]) => unknown): this {
    const blocks = this.blocks()
    edit(blocks)
    return this.setBlocks(blocks)
  }

  /** Changes the JSON of a stream's blocks, in place; blocks without JSON are passed over. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reaches into JSON of any shape.
  editEvents(edit: (json: any, index: number) => unknown): this {
    return this.editBlocks((blocks) => {
      for (const [index, block] of blocks.entries()) {
        const json = jsonOf(block.data)
        if (json === undefined) continue
        edit(json, index)
        block.data = JSON.stringify(json)
      }
    })
  }

  /** Puts a block before the one at `index` (from the end where negative), at that one's time. */
  insertBlock(index: number, data: unknown, name: string | null = null): this {
    return this.editBlocks((blocks) => {
      const at = index < 0 ? blocks.length + index : index
      const ms = (blocks[at] ?? blocks.at(-1))?.ms ?? 0
      const text = typeof data === 'string' ? data : JSON.stringify(data)
      blocks.splice(at, 0, { name, data: text, comment: null, ms })
    })
  }

  dropBlocks(isDropped: (block: Block, index: number) => boolean): this {
    return this.setBlocks(this.blocks().filter((block, index) => !isDropped(block, index)))
  }

  /** Without its last bytes. */
  cutTail(bytes: number): this {
    return this.keepBytes(Math.max(0, this.body.length - bytes))
  }

  /** Only its first bytes; it ends where the last of them came. */
  keepBytes(count: number): this {
    let left = count
    this.chunks = this.chunks.flatMap((chunk) => {
      const bytes = chunk.bytes.subarray(0, Math.max(0, left))
      left -= chunk.bytes.length
      return bytes.length > 0 ? [{ ...chunk, bytes }] : []
    })
    if (this.end) this.end.ms = (this.chunks.at(-1)?.ms ?? this.headMs ?? this.end.ms) + 1
    return this
  }

  dropChunk(index: number): this {
    this.chunks.splice(index < 0 ? this.chunks.length + index : index, 1)
    return this
  }

  /** Sets a header, adds it where there is none, takes it away with null. */
  header(name: string, value: string | null): this {
    this.headers = this.headers.filter(([key]) => key !== name)
    if (value !== null) this.headers.push([name, value])
    return this
  }

  /** What comes from this chunk on came so many milliseconds later (or earlier, negative), the end as well. */
  delay(fromChunk: number, ms: number): this {
    for (const chunk of this.chunks.slice(fromChunk < 0 ? this.chunks.length + fromChunk : fromChunk)) {
      chunk.ms += ms
    }
    if (this.end) this.end.ms += ms
    return this
  }

  /** All of it came so many milliseconds later. */
  delayAll(ms: number): this {
    if (this.headMs !== null) this.headMs += ms
    return this.delay(0, ms)
  }

  endAs(why: LegEnd, error: string | null = null): this {
    this.end = { ms: this.end?.ms ?? this.lastMs() + 1, why, error }
    return this
  }

  lastMs(): number {
    return Math.max(this.headMs ?? 0, this.chunks.at(-1)?.ms ?? 0, this.end?.ms ?? 0)
  }

  /** `entryOf` numbers what stands in the file, by its time. */
  view(openedAtNs: number, entryOf: (ms: number) => number): LegView {
    const ns = (ms: number) => openedAtNs + Math.round(ms * 1e6)
    return legView({
      leg: this.leg,
      attempt: this.attempt,
      method: this.method,
      url: this.url,
      status: this.status,
      headers: this.headers,
      headAtNs: this.headMs === null ? null : ns(this.headMs),
      headEntry: this.headMs === null ? null : entryOf(this.headMs),
      chunks: this.chunks.map(({ ms, bytes, undecoded }) => ({
        ...{ atNs: ns(ms), bytes, entry: entryOf(ms), missing: undecoded?.bytes ?? 0 },
        ...(undecoded && { enc: undecoded.enc }),
      })),
      end: this.end && {
        why: this.end.why,
        atNs: ns(this.end.ms),
        entry: entryOf(this.end.ms),
        error: this.end.error,
      },
      missing: this.missing + this.chunks.reduce((sum, { undecoded }) => sum + (undecoded?.bytes ?? 0), 0),
    })
  }

  #withLength(): this {
    const stated = this.headers.find(([name]) => name === 'content-length')
    if (stated) stated[1] = String(this.body.length)
    return this
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
