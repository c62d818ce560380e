import type { JsonObject } from '../../../core/json.ts'

/** Writes events with their type and the next sequence number. */
export class EventWriter {
  #next = 0

  /** The number of the last event; undefined before the first. */
  get lastSequence(): number | undefined {
    return this.#next === 0 ? undefined : this.#next - 1
  }

  event(type: string, members: JsonObject): string {
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#next++, ...members })}\n\n`
  }
}

/** An item of the answer that is being written. */
export interface OpenItem {
  /** The rest of its events, up to `output_item.done`. */
  close(): string
  /** The finished item; only after `close`. */
  readonly item: JsonObject
}
