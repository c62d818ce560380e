import { type FramingReader, maxElementLength, noElements, type StreamElement } from './framing.ts'
import { HeldText } from './held-text.ts'
import { LineEnds } from './line-ends.ts'
import { Utf8Reader } from './utf8.ts'

const lf = 0x0a
const colon = 0x3a
const space = 0x20

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). This is the hot
 * path: a chunk of whole blocks costs one decode and a few `indexOf`.
 */
export class SseReader implements FramingReader {
  readonly closed = true
  readonly #utf8 = new Utf8Reader()
  readonly #lineEnds = new LineEnds()
  /** The beginning of a block whose end has not come. */
  readonly #held = new HeldText()
  #inBlock = false
  #heldEndsLine = false
  #tooLong = false

  /** True before the first byte as well: nothing stands where a comment would go. */
  get betweenBlocks(): boolean {
    return !this.#inBlock && this.#utf8.whole && !this.#lineEnds.open
  }

  push(bytes: Uint8Array): readonly StreamElement[] {
    const raw = this.#utf8.read(bytes)
    if (raw === '') return noElements
    const text = this.#lineEnds.normalise(raw)
    if (text === '') return noElements
    const elements: StreamElement[] = []
    let at = this.#inBlock ? this.#finishHeld(text, elements) : 0
    while (at >= 0 && at < text.length) at = this.#nextBlock(text, at, elements)
    return elements
  }

  end(): readonly StreamElement[] {
    if (!this.#inBlock) return noElements
    const elements: StreamElement[] = []
    this.#emit('', elements)
    // The bytes end within the block all the same: what follows needs a blank line first.
    this.#inBlock = true
    return elements
  }

  /** Ends the held block with the start of `text`; where the next one begins, or -1 when it has no end yet. */
  #finishHeld(text: string, elements: StreamElement[]): number {
    if (this.#heldEndsLine && text.charCodeAt(0) === lf) {
      this.#emit('', elements)
      return 1
    }
    const end = text.indexOf('\n\n')
    if (end < 0) {
      this.#hold(text)
      return -1
    }
    this.#emit(text.slice(0, end), elements)
    return end + 2
  }

  #nextBlock(text: string, from: number, elements: StreamElement[]): number {
    let start = from
    while (text.charCodeAt(start) === lf) start++
    if (start === text.length) return -1
    const end = text.indexOf('\n\n', start)
    if (end < 0) {
      this.#hold(start === 0 ? text : text.slice(start))
      return -1
    }
    const element = readBlock(text.slice(start, end))
    if (element !== undefined) elements.push(element)
    return end + 2
  }

  #hold(text: string): void {
    this.#inBlock = true
    this.#heldEndsLine = text.charCodeAt(text.length - 1) === lf
    if (this.#tooLong) return
    this.#held.add(text)
    if (this.#held.length <= maxElementLength) return
    this.#tooLong = true
    this.#held.clear()
  }

  #emit(rest: string, elements: StreamElement[]): void {
    const element = this.#tooLong ? { name: '', text: null } : readBlock(this.#held.take() + rest)
    if (element !== undefined) elements.push(element)
    this.#inBlock = false
    this.#tooLong = false
  }
}

/** A block of lines as an element; undefined when it has no data (comments, `retry:`), which dispatches nothing. */
function readBlock(block: string): StreamElement | undefined {
  let name = ''
  let data: string | undefined
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf('\n', at)
    const end = found < 0 ? block.length : found
    if (isField(block, 'data', at, end)) {
      const value = fieldValue(block, at + 4, end)
      data = data === undefined ? value : `${data}\n${value}`
    } else if (isField(block, 'event', at, end)) {
      name = fieldValue(block, at + 5, end)
    }
    at = end + 1
  }
  return data === undefined || data === '' ? undefined : { name, text: data }
}

function isField(block: string, field: string, at: number, end: number): boolean {
  if (!block.startsWith(field, at)) return false
  const after = at + field.length
  return after === end || block.charCodeAt(after) === colon
}

/** What follows the colon, without one leading space. */
function fieldValue(block: string, colonAt: number, end: number): string {
  const start = colonAt + (block.charCodeAt(colonAt + 1) === space ? 2 : 1)
  return start < end ? block.slice(start, end) : ''
}
