import type { JsonObject } from '../../../core/json.ts'

/** One event with its line, which the SDK needs. */
export function messageEvent(type: string, rest: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`
}

/** Writes the blocks of one message, one after the other: their indices are 0, 1, 2 and so on. */
export class BlockWriter {
  #index = -1

  start(block: JsonObject): string {
    this.#index++
    return messageEvent('content_block_start', { index: this.#index, content_block: block })
  }

  delta(delta: JsonObject): string {
    return messageEvent('content_block_delta', { index: this.#index, delta })
  }

  stop(): string {
    return messageEvent('content_block_stop', { index: this.#index })
  }
}
