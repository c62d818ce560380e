import { type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import type { OrderRule } from './order-rule.ts'

const last: ReadonlySet<string> = new Set(['response.completed', 'response.failed', 'response.incomplete'])

/**
 * Numbers go up by one, and an item is added before anything of it comes (platform.openai.com/docs/api-reference,
 * "Streaming events"). A stream that is taken up again begins with a later number; another response may follow.
 */
export function responseOrder(): OrderRule {
  const open = new OpenResponse()
  return (type, event) => {
    if (!type.startsWith('response.') && type !== 'error') return null
    if (type === 'response.created') open.create(event)
    const wrong = open.number(numberAt(event, 'sequence_number'))
    if (last.has(type)) open.end()
    else return wrong ?? open.item(type, numberAt(event, 'output_index'))
    return wrong
  }
}

class OpenResponse {
  /** Null: none has begun, and what was added before is not known. */
  #id: string | null = null
  #sequence: number | null = null
  #added = new Set<number>()

  create(event: JsonObject): void {
    const id = stringAt(objectAt(event, 'response'), 'id') ?? ''
    if (this.#id === id) return
    this.end()
    this.#id = id
  }

  end(): void {
    this.#id = null
    this.#sequence = null
    this.#added = new Set()
  }

  number(sequence: number | undefined): string | null {
    if (sequence === undefined) return null
    const before = this.#sequence
    this.#sequence = sequence
    if (before === null || sequence === before + 1) return null
    return `Event ${sequence} came after event ${before}`
  }

  item(type: string, index: number | undefined): string | null {
    if (index === undefined) return null
    const isKnown = this.#added.has(index) || this.#id === null || type === 'response.output_item.added'
    this.#added.add(index)
    return isKnown ? null : `${type} came before item ${index} was added`
  }
}
