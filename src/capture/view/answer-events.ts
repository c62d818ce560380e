import type { Event } from '../../core/event.ts'
import type { Json } from '../../core/json.ts'
import type { Protocol } from '../../core/protocol.ts'
import { maxElementLength } from '../../protocols/framing.ts'
import type { DecodedEvent, RawEvent, Spot } from './reading.ts'
import type { Spots } from './spots.ts'

export interface ReadEvents {
  events: DecodedEvent[]
  /** `StreamDecoder.terminal`: the one terminal rule of the whole program (`spec/protocols.md`, "Terminal is"). */
  isTerminal: boolean
}

/**
 * What a protocol's decoder says to the blocks of server-sent events, each of which is parsed once for all who look at it. A
 * decoder that throws has nothing more to say.
 */
export function streamEvents(protocol: Protocol, blocks: readonly RawEvent[]): ReadEvents {
  const decoder = protocol.streamDecoder('sse')
  const events: DecodedEvent[] = []
  try {
    for (const block of blocks) {
      const { name, data, isWhole } = block
      // Without data it is dispatched to nobody; what is cut and so long was not kept to be read.
      if (data === '' || (!isWhole && data.length > maxElementLength)) continue
      place(decoder.element(name ?? '', data, block.json, isWhole), block, events)
    }
  } catch {
    return { events, isTerminal: false }
  }
  return { events, isTerminal: decoder.terminal }
}

/**
 * Gemini's one JSON array, by its decoder's own reading: fed element by element, so that each event stands where its
 * element begins.
 */
export function arrayEvents(
  protocol: Protocol,
  body: Buffer,
  elements: readonly RawEvent[],
  spots: Spots,
): ReadEvents {
  const decoder = protocol.streamDecoder('json-array')
  const events: DecodedEvent[] = []
  try {
    let from = 0
    let spot = spots.at(0)
    for (const { offset, entry, atNs } of elements) {
      // What stands before an element belongs to the one before it: its comma.
      place(decoder.push(body.subarray(from, offset)), spot, events)
      from = offset
      spot = { offset, entry, atNs }
    }
    place(decoder.push(body.subarray(from)), spot, events)
    place(decoder.end(), spot, events)
  } catch {
    return { events, isTerminal: false }
  }
  return { events, isTerminal: decoder.terminal }
}

/** A whole answer's events all stand at its beginning. */
export function wholeEvents(protocol: Protocol, json: Json | undefined, spot: Spot): ReadEvents {
  if (json === undefined) return { events: [], isTerminal: false }
  const events: DecodedEvent[] = []
  try {
    place(protocol.decodeAnswer(json), spot, events)
    return { events, isTerminal: true }
  } catch {
    return { events: [], isTerminal: true }
  }
}

function place(found: readonly Event[], { offset, entry, atNs }: Spot, into: DecodedEvent[]): void {
  for (const event of found) into.push({ event, offset, entry, atNs })
}
