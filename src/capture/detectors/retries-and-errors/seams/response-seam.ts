import { type JsonObject, numberAt, objectAt, stringAt } from '../../../../core/json.ts'
import type { SeamFollower, SeamTold } from './seam-follower.ts'

const last: ReadonlySet<string> = new Set(['response.completed', 'response.failed', 'response.incomplete'])

/** Another response.created, or numbers from the beginning again, before the last event. */
export function responseSeam(): SeamFollower {
  const open = new OpenResponse()
  return (event) => {
    const { type } = event
    if (typeof type !== 'string' || !type.startsWith('response.')) return null
    if (last.has(type)) return open.end()
    const created = type === 'response.created' ? open.create(event) : null
    return open.number(numberAt(event, 'sequence_number')) ?? created
  }
}

class OpenResponse {
  #id: string | null = null
  #sequence = -1

  end(): null {
    this.#id = null
    this.#sequence = -1
    return null
  }

  create(event: JsonObject): SeamTold | null {
    const before = this.#id
    this.#id = stringAt(objectAt(event, 'response'), 'id') ?? ''
    if (before === null || before === this.#id) return null
    this.#sequence = -1
    return { what: 'another response began', first: before, second: this.#id }
  }

  /** Two that changed places are no new beginning. */
  number(sequence: number | undefined): SeamTold | null {
    if (sequence === undefined) return null
    const before = this.#sequence
    this.#sequence = sequence
    if (this.#id === null || sequence > 1 || before <= sequence + 1) return null
    return { what: `its events were numbered from ${sequence} again`, first: this.#id, second: null }
  }
}
