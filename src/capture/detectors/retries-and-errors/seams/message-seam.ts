import { type JsonObject, numberAt, objectAt, stringAt } from '../../../../core/json.ts'
import type { SeamFollower, SeamTold } from './seam-follower.ts'

/** Another message_start, or blocks from 0 again, before message_stop. The same start twice is a start twice. */
export function messageSeam(): SeamFollower {
  const open = new OpenMessage()
  return (event) => {
    switch (event.type) {
      case 'message_start':
        return open.start(event)
      case 'content_block_start':
        return open.block(numberAt(event, 'index') ?? 0)
      case 'content_block_stop':
        open.isBlockOpen = false
        return null
      case 'message_stop':
        open.id = null
    }
    return null
  }
}

class OpenMessage {
  /** Null: none is open. */
  id: string | null = null
  isBlockOpen = false
  #next = 0

  start(event: JsonObject): SeamTold | null {
    const before = this.id
    this.id = stringAt(objectAt(event, 'message'), 'id') ?? ''
    this.#next = 0
    this.isBlockOpen = false
    if (before === null || before === this.id) return null
    return { what: 'another message began', first: before, second: this.id }
  }

  /** One index for all blocks is out of order, but no seam. */
  block(index: number): SeamTold | null {
    const isReset = index === 0 && (this.#next > 1 || (this.#next === 1 && this.isBlockOpen))
    this.#next = index + 1
    this.isBlockOpen = true
    if (this.id === null || !isReset) return null
    return { what: 'its blocks were counted from 0 again', first: this.id, second: null }
  }
}
