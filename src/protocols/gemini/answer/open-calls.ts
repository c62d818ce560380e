import type { Event } from '../../../core/event.ts'

/** A tool call of which the last piece is not known to have come. */
export interface OpenCall {
  index: number
  id: string
  name: string
  arguments: string
  custom?: true
  state: Extract<Event, { type: 'state' }>['state'] | undefined
}

/** Gathers tool calls: Gemini says each whole, in their order, and they may come in pieces and mixed. */
export class OpenCalls {
  readonly #open = new Map<number, OpenCall>()
  #latest: OpenCall | undefined

  add(event: Extract<Event, { type: 'tool_call' }>): void {
    let call = this.#open.get(event.index)
    if (call === undefined) {
      call = { index: event.index, id: '', name: '', arguments: '', state: undefined }
      this.#open.set(event.index, call)
    }
    call.id ||= event.id ?? ''
    call.name ||= event.name ?? ''
    call.arguments += event.arguments
    if (event.custom) call.custom = true
    this.#latest = call
  }

  /** False when there is no call that the state could belong to. */
  addState(state: NonNullable<OpenCall['state']>): boolean {
    if (this.#latest === undefined) return false
    this.#latest.state = state
    return true
  }

  /** All of them, in order; they are whole when something else follows. */
  take(): OpenCall[] {
    const calls = [...this.#open.values()].sort((a, b) => a.index - b.index)
    this.#open.clear()
    this.#latest = undefined
    return calls
  }
}
