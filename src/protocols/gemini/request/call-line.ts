import { idFromClient } from '../../translation/tool-call-ids.ts'

interface OpenCall {
  id: string
  name: string
  /** The client had none. */
  isInvented: boolean
}

/**
 * The tool calls of a conversation in their order, and which of the latest turn's have no result yet. Ids are optional
 * in this protocol: calls without one get one made of their place, and results find theirs by name and order.
 */
export class CallLine {
  #open: OpenCall[] = []
  #content = 0
  #count = 0
  #userSpoke = false

  /** A content of the model's begins; those next to each other are one turn. */
  modelSpeaks(content: number): void {
    if (this.#userSpoke) this.#open = []
    this.#userSpoke = false
    this.#content = content
    this.#count = 0
  }

  userSpeaks(): void {
    this.#userSpoke = true
  }

  /** The id of a call: its own, or `call_CONTENT_ORDINAL`. */
  add(name: string, id: string | undefined): string {
    const known = id === undefined ? `call_${this.#content}_${this.#count}` : idFromClient(id)
    this.#count++
    this.#open.push({ id: known, name, isInvented: id === undefined })
    return known
  }

  /** The call that a result answers; '' for the id where none fits, or where it could be any. */
  take(name: string, id: string | undefined): { id: string; name: string } {
    const wanted = id === undefined ? undefined : idFromClient(id)
    const isUnnamed = name === '' && wanted === undefined
    const found = isUnnamed ? this.#onlyOne() : this.#open.find((call) => fits(call, name, wanted))
    if (found === undefined) return { id: wanted ?? '', name }
    this.#open = this.#open.filter((call) => call !== found)
    return found
  }

  #onlyOne(): OpenCall | undefined {
    return this.#open.length === 1 ? this.#open[0] : undefined
  }
}

function fits(call: OpenCall, name: string, id: string | undefined): boolean {
  if (id !== undefined && !call.isInvented) return call.id === id
  return call.name === name
}
