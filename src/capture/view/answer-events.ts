import type { Event } from '../../core/event.ts'
import type { Json } from '../../core/json.ts'
import type { Protocol, StreamFraming } from '../../core/protocol.ts'
import type { DecodedEvent, RawEvent, Spot } from './reading.ts'
import type { Spots } from './spots.ts'

export interface ReadEvents {
  events: DecodedEvent[]
  /** `StreamDecoder.terminal`: the one terminal rule of the whole program (`spec/protocols.md`, "Terminal is"). */
  isTerminal: boolean
}

/**
 * A stream's events by its protocol's decoder, fed block by block, so that each event stands where its block
 * begins. A decoder that throws has nothing more to say.
 */
export function streamEvents(
  protocol: Protocol,
  framing: StreamFraming,
  body: Buffer,
  blocks: readonly RawEvent[],
  spots: Spots,
): ReadEvents {
  const decoder = protocol.streamDecoder(framing)
  const events: DecodedEvent[] = []
  const take = (decoded: readonly Event[], spot: Spot) => {
    for (const event of decoded) events.push({ event, ...spot })
  }
  try {
    let from = 0
    let spot = spots.at(0)
    for (const block of blocks) {
      // What stands before a block belongs to the one before it: its blank lines.
      take(decoder.push(body.subarray(from, block.offset)), spot)
      from = block.offset
      spot = { offset: block.offset, entry: block.entry, atNs: block.atNs }
    }
    take(decoder.push(body.subarray(from)), spot)
    take(decoder.end(), spot)
  } catch {
    return { events, isTerminal: false }
  }
  return { events, isTerminal: decoder.terminal }
}

/** A whole answer's events all stand at its beginning. */
export function wholeEvents(protocol: Protocol, json: Json | undefined, spot: Spot): ReadEvents {
  if (json === undefined) return { events: [], isTerminal: false }
  try {
    const events = protocol.decodeAnswer(json).map((event) => ({ event, ...spot }))
    return { events, isTerminal: true }
  } catch {
    return { events: [], isTerminal: true }
  }
}
