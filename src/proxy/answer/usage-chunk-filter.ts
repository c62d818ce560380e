import { arrayAt, type Json, objectAt } from '../../core/json.ts'

const maxBlockBytes = 1 << 20
const empty = Buffer.alloc(0)

/**
 * Keeps the usage chunk from a client that did not ask for it (`spec/usage.md`): the block with empty
 * `choices` and a usage. Everything else passes byte for byte, in whole blocks.
 */
export class UsageChunkFilter {
  /** Pieces of a block that is not complete yet. */
  private held: Buffer[] = []
  private heldBytes = 0
  /** The last bytes of what is held: a block's end may be split over two pieces. */
  private seam: Buffer = empty

  /** The bytes to write on; maybe none yet. */
  push(bytes: Buffer): Buffer {
    const searched = this.seam.length > 0 ? Buffer.concat([this.seam, bytes]) : bytes
    const end = lastBlockEnd(searched) - this.seam.length
    if (end <= 0) {
      this.hold(bytes, searched)
      // No blocks in a megabyte is no event stream: it passes as it is.
      return this.heldBytes > maxBlockBytes ? this.end() : empty
    }
    const blocks = Buffer.concat([...this.held, bytes.subarray(0, end)])
    this.end()
    const rest = bytes.subarray(end)
    if (rest.length > 0) this.hold(rest, rest)
    return withoutUsageChunk(blocks)
  }

  /** What is left when the stream is over. */
  end(): Buffer {
    const rest = Buffer.concat(this.held)
    this.held = []
    this.heldBytes = 0
    this.seam = empty
    return rest
  }

  /** Nothing is held, so that what was written ends where a block ends. */
  get idle(): boolean {
    return this.heldBytes === 0
  }

  private hold(bytes: Buffer, searched: Buffer): void {
    this.held.push(bytes)
    this.heldBytes += bytes.length
    this.seam = searched.subarray(-3)
  }
}

function withoutUsageChunk(blocks: Buffer): Buffer {
  if (!blocks.includes('"usage"')) return blocks
  const kept: Buffer[] = []
  let at = 0
  while (at < blocks.length) {
    const end = firstBlockEnd(blocks, at)
    if (!isUsageChunk(blocks.toString('utf8', at, end))) kept.push(blocks.subarray(at, end))
    at = end
  }
  return Buffer.concat(kept)
}

function isUsageChunk(block: string): boolean {
  const data = block
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n')
  if (!data.includes('"usage"')) return false
  try {
    const chunk = JSON.parse(data) as Json
    return arrayAt(chunk, 'choices')?.length === 0 && objectAt(chunk, 'usage') !== undefined
  } catch {
    return false
  }
}

const blockEnds = ['\n\n', '\r\n\r\n', '\r\r', '\n\r\n']

function lastBlockEnd(bytes: Buffer): number {
  let last = 0
  for (const end of blockEnds) {
    const at = bytes.lastIndexOf(end)
    if (at >= 0) last = Math.max(last, at + end.length)
  }
  return last
}

function firstBlockEnd(bytes: Buffer, from: number): number {
  let first = bytes.length
  for (const end of blockEnds) {
    const at = bytes.indexOf(end, from)
    if (at >= 0) first = Math.min(first, at + end.length)
  }
  return first
}
