import fc from 'fast-check'
import type { Event } from '../../src/core/event.ts'
import type { StreamDecoder } from '../../src/core/protocol.ts'

/** The bytes cut into pieces of these sizes, over and over. */
export function cutBytes(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1)
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/** Any way to cut a stream: one byte at a time, tiny pieces that split characters and line ends, large ones. */
export const chunkSizes: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
  fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
)

/** Everything that a decoder says about a stream that comes in these pieces. */
export function decodePieces(decoder: StreamDecoder, pieces: Iterable<Uint8Array>): Event[] {
  const events: Event[] = []
  for (const piece of pieces) {
    // Bytes are only lent: what a decoder kept of them must be its own copy.
    const lent = Uint8Array.from(piece)
    events.push(...decoder.push(lent))
    lent.fill(0)
  }
  events.push(...decoder.end())
  return events
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
