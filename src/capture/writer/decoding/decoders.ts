import type { BodyOfBatch, EntryOfBatch } from '../batches.ts'
import { type ContentDecoder, contentDecoder } from './content-decoder.ts'

/** A body as it comes out: decoded, or left out with its encoding. */
export interface DecodedBody extends BodyOfBatch {
  omitted?: { bytes: number; enc: string }
}

interface DecodedLeg {
  enc: string
  decoder: ContentDecoder
  /** Its chunks are decoded one after the other. */
  last: Promise<unknown>
}

/** Undoes the content encodings of a batch's bodies, all legs at once. */
export class Decoders {
  readonly #legs = new Map<number, Map<number, DecodedLeg>>()

  /** When it resolves, bodies whose legs have an encoding are decoded, in place. */
  async decode(entries: readonly EntryOfBatch[]): Promise<void> {
    const decoding: Promise<void>[] = []
    for (const entry of entries) {
      if ('bytes' in entry) {
        const leg = this.#legs.get(entry.exchange)?.get(placeOf(entry.l, entry.a))
        if (leg) decoding.push(decodeWith(leg, entry))
      } else if (entry.note.k === 'leg') {
        this.#open(entry.exchange, placeOf(entry.note.l, entry.note.a), entry.note.enc)
      }
    }
    if (decoding.length > 0) await Promise.all(decoding)
  }

  close(exchange: number): void {
    for (const { decoder } of this.#legs.get(exchange)?.values() ?? []) decoder.close()
    this.#legs.delete(exchange)
  }

  #open(exchange: number, place: number, enc: string): void {
    const legs = this.#legs.get(exchange) ?? new Map<number, DecodedLeg>()
    this.#legs.set(exchange, legs)
    legs.get(place)?.decoder.close()
    legs.set(place, { enc, decoder: contentDecoder(enc), last: Promise.resolve() })
  }
}

function placeOf(l: number, a: number | undefined): number {
  return (a ?? 0) * 4 + l
}

async function decodeWith(leg: DecodedLeg, body: DecodedBody): Promise<void> {
  const encoded = body.bytes
  const before = leg.last
  const decoded = before.then(() => leg.decoder.push(encoded))
  leg.last = decoded
  const bytes = await decoded
  if (bytes) body.bytes = bytes
  else {
    body.bytes = encoded.subarray(0, 0)
    body.omitted = { bytes: encoded.length, enc: leg.enc }
  }
}
