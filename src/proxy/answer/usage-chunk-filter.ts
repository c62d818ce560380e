import { arrayAt, type Json, objectAt } from '../../core/json.ts'

/**
 * Keeps the usage chunk from a client that did not ask for it (`spec/usage.md`): the block with empty
 * `choices` and a usage. Everything else passes byte for byte, in whole blocks.
 */
export class UsageChunkFilter {
  private held: Buffer | undefined

  /** The bytes to write on; maybe none yet. */
  push(bytes: Buffer): Buffer {
    const all = this.held ? Buffer.concat([this.held, bytes]) : bytes
    const end = lastBlockEnd(all)
    if (end === 0) {
      // No blocks in a megabyte is no event stream: it passes as it is.
      this.held = all.length > 1 << 20 ? undefined : all
      return this.held ? empty : all
    }
    this.held = end < all.length ? all.subarray(end) : undefined
    return withoutUsageChunk(all.subarray(0, end))
  }

  /** What is left when the stream is over. */
  end(): Buffer {
    const rest = this.held ?? empty
    this.held = undefined
    return rest
  }

  /** Nothing is held, so that what was written ends where a block ends. */
  get idle(): boolean {
    return this.held === undefined
  }
}

const empty = Buffer.alloc(0)

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
