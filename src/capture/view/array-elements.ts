import { EventBlock, ReadEvent } from './raw-event.ts'
import type { Spots } from './spots.ts'

const quote = 0x22
const backslash = 0x5c
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/**
 * The elements of one JSON array in a joined body: Gemini's streams without `alt=sse`. All that JSON's structure
 * is made of is ASCII, so bytes can be looked at. A bare object is its only element.
 */
export function arrayElements(body: Buffer, spots: Spots): ReadEvent[] {
  const elements: ReadEvent[] = []
  const array = body.indexOf(0x5b)
  const bare = body.indexOf(0x7b)
  let at = array >= 0 && (bare < 0 || array < bare) ? array + 1 : 0
  while (at < body.length) {
    if (!opening.has(body[at] ?? 0)) {
      at++
      continue
    }
    const end = elementEnd(body, at)
    const data = body.toString('utf8', at, end.at)
    elements.push(new ReadEvent(spots.at(at), new EventBlock(null, data, false, end.isWhole)))
    at = end.at
  }
  return elements
}

function elementEnd(body: Buffer, from: number): { at: number; isWhole: boolean } {
  let depth = 0
  for (let at = from; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte === quote) at = stringEnd(body, at)
    else if (opening.has(byte)) depth++
    else if (closing.has(byte) && --depth === 0) return { at: at + 1, isWhole: true }
  }
  return { at: body.length, isWhole: false }
}

/** Where the string's closing quote stands. */
function stringEnd(body: Buffer, from: number): number {
  let at = from + 1
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1
  return at
}
