import { ReadEvent } from './raw-event.ts'
import type { Spots } from './spots.ts'

const lf = 0x0a
const cr = 0x0d

/** A block while its lines come. */
interface OpenBlock {
  offset: number
  name: string | null
  data: string[]
  /** A line that is no comment. */
  hasField: boolean
}

/**
 * The blocks of server-sent events in a joined body (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * any line ends, `data:` with or without its space, several of them, comments, a byte order mark. Unlike the
 * relay's reader it keeps what dispatches nothing, and says where each block stands.
 */
export function sseBlocks(body: Buffer, spots: Spots): ReadEvent[] {
  const blocks: ReadEvent[] = []
  let open: OpenBlock | null = null
  const close = (block: OpenBlock, isWhole: boolean) => {
    const { offset, name, data, hasField } = block
    const parts = { name, data: data.join('\n'), isComment: !hasField, isWhole }
    blocks.push(new ReadEvent(spots.at(offset), parts))
  }
  for (let at = afterMark(body); at < body.length; ) {
    const end = lineEnd(body, at)
    if (end > at) {
      open ??= { offset: at, name: null, data: [], hasField: false }
      takeLine(open, body.toString('utf8', at, end))
    } else if (open) {
      close(open, true)
      open = null
    }
    at = end + (body[end] === cr && body[end + 1] === lf ? 2 : 1)
  }
  if (open) close(open, false)
  return blocks
}

/** Whether a body that names no type reads like server-sent events. */
export function looksLikeSse(body: Buffer): boolean {
  const start = body.toString('latin1', afterMark(body), afterMark(body) + 64)
  return /^[\r\n]*(?:(?:data|event|id|retry)(?::|[\r\n])|:)/.test(start)
}

function afterMark(body: Buffer): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
}

function lineEnd(body: Buffer, from: number): number {
  let at = from
  while (at < body.length && body[at] !== lf && body[at] !== cr) at++
  return at
}

function takeLine(block: OpenBlock, line: string): void {
  const colon = line.indexOf(':')
  if (colon === 0) return
  block.hasField = true
  const field = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
  if (field === 'data') block.data.push(value)
  else if (field === 'event') block.name = value
}
