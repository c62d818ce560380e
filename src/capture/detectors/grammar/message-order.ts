import { type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import type { OrderRule } from './order-rule.ts'

const ofMessages: ReadonlySet<string> = new Set([
  ...['content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop'],
])

/**
 * message_start → (content_block_start i → content_block_delta i* → content_block_stop i)* → message_delta →
 * message_stop (platform.claude.com/docs, "Streaming messages"). Pings and unknown events may stand anywhere; another
 * message may follow, and one that begins too early is `mid_stream_failover_seam`.
 */
export function messageOrder(): OrderRule {
  const open = new OpenMessage()
  return (type, event) => {
    if (type === 'message_start') return open.start(stringAt(objectAt(event, 'message'), 'id') ?? '')
    if (!ofMessages.has(type)) return null
    const early = open.isStarted ? null : `${type} came before message_start`
    const wrong = open.take(type, event)
    return early ?? wrong
  }
}

/** Takes each event as it comes, so that one fault is told once. */
class OpenMessage {
  /** Null: none is open. */
  #id: string | null = null
  #block: number | null = null
  #next = 0

  get isStarted(): boolean {
    return this.#id !== null
  }

  start(id: string): string | null {
    const isTwice = this.#id === id
    this.#id = id
    this.#block = null
    this.#next = 0
    return isTwice ? 'The same message began twice' : null
  }

  take(type: string, event: JsonObject): string | null {
    this.#id ??= ''
    const index = numberAt(event, 'index') ?? 0
    switch (type) {
      case 'content_block_start':
        return this.#begin(index)
      case 'content_block_delta':
        return this.#within(index, `Something of block ${index} came`)
      case 'content_block_stop': {
        const wrong = this.#within(index, `Block ${index} ended`)
        this.#block = null
        return wrong
      }
      default:
        return this.#end(type)
    }
  }

  #begin(index: number): string | null {
    const wasOpen = this.#block
    const expected = this.#next
    this.#block = index
    this.#next = index + 1
    if (wasOpen !== null) return `Block ${index} began before block ${wasOpen} had ended`
    return index === expected ? null : `Block ${index} began where block ${expected} was next`
  }

  #within(index: number, what: string): string | null {
    const wasOpen = this.#block
    this.#block = index
    this.#next = Math.max(this.#next, index + 1)
    if (wasOpen === index) return null
    return `${what}, and ${wasOpen === null ? 'no block' : `block ${wasOpen}`} was open`
  }

  #end(type: string): string | null {
    const wasOpen = this.#block
    this.#block = null
    if (type === 'message_stop') this.#id = null
    return wasOpen === null ? null : `${type} came before block ${wasOpen} had ended`
  }
}
