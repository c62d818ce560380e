import { isAscii } from 'node:buffer'
import { EventBlock, ReadEvent } from './raw-event.ts'
import type { Spots } from './spots.ts'

const lf = 0x0a
const cr = 0x0d

/**
 * The blocks of server-sent events in a joined body (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * any line ends, `data:` with or without its space, several of them, comments, a byte order mark. Unlike the
 * relay's reader it keeps what dispatches nothing, and says where each block stands.
 */
export function sseBlocks(body: Buffer, spots: Spots): ReadEvent[] {
  const lines = new Lines(body)
  const events: ReadEvent[] = []
  for (let at = afterMark(body); at < body.length; ) {
    const start = lines.skipBlank(at)
    if (start === body.length) break
    const block = lines.blockAt(start)
    events.push(new ReadEvent(spots.at(start), block))
    at = lines.end
  }
  return events
}

/** Whether a body that names no type reads like server-sent events. */
export function looksLikeSse(body: Buffer): boolean {
  const start = body.toString('latin1', afterMark(body), afterMark(body) + 64)
  return /^[\r\n]*(?:(?:data|event|id|retry)(?::|[\r\n])|:)/.test(start)
}

function afterMark(body: Buffer): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
}

/** A block while its lines come. */
interface OpenBlock {
  name: string | null
  data: string | null
  /** A line that is no comment. */
  hasField: boolean
}

/** A body's lines. All that their structure is made of is ASCII, so that a character for each byte is enough to find it. */
class Lines {
  /** Behind the block that was read last, and behind its blank line. */
  end = 0
  readonly #body: Buffer
  readonly #characters: string
  readonly #isAscii: boolean
  readonly #hasReturns: boolean

  constructor(body: Buffer) {
    this.#body = body
    this.#characters = body.toString('latin1')
    this.#isAscii = isAscii(body)
    this.#hasReturns = body.includes(cr)
  }

  skipBlank(from: number): number {
    let at = from
    while (this.#isEnd(at) && at < this.#body.length) at++
    return at
  }

  /** The block that begins in a line that is not blank. */
  blockAt(start: number): EventBlock {
    const { length } = this.#body
    const open: OpenBlock = { name: null, data: null, hasField: false }
    let at = start
    let isWhole = false
    while (at < length && !isWhole) {
      const end = this.#lineEnd(at)
      this.#takeLine(at, end, open)
      at = this.#next(end)
      isWhole = at < length && this.#isEnd(at)
    }
    this.end = isWhole ? this.#next(at) : length
    return new EventBlock(open.name, open.data ?? '', !open.hasField, isWhole)
  }

  #takeLine(at: number, end: number, block: OpenBlock): void {
    // A comment.
    if (this.#characters.charCodeAt(at) === 0x3a) return
    block.hasField = true
    const value = this.#fieldOf('data', at, end)
    if (value === null) block.name = this.#fieldOf('event', at, end) ?? block.name
    else block.data = block.data === null ? value : `${block.data}\n${value}`
  }

  /** What a line has for a field, with or without a colon; null where it is of another one. */
  #fieldOf(field: string, at: number, end: number): string | null {
    if (!this.#characters.startsWith(field, at)) return null
    const colon = at + field.length
    if (colon >= end) return colon === end ? '' : null
    if (this.#characters.charCodeAt(colon) !== 0x3a) return null
    const from = this.#characters.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
    if (from >= end) return ''
    return this.#isAscii ? this.#characters.slice(from, end) : this.#body.toString('utf8', from, end)
  }

  #lineEnd(from: number): number {
    if (!this.#hasReturns) {
      const end = this.#characters.indexOf('\n', from)
      return end < 0 ? this.#body.length : end
    }
    let at = from
    while (at < this.#body.length && !this.#isEnd(at)) at++
    return at
  }

  #isEnd(at: number): boolean {
    const code = this.#body[at]
    return code === lf || code === cr
  }

  /** Behind a line's end. */
  #next(end: number): number {
    return end + (this.#body[end] === cr && this.#body[end + 1] === lf ? 2 : 1)
  }
}
