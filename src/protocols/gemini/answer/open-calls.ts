import type { ReasoningState } from '../../../core/call.ts'
import type { Event } from '../../../core/event.ts'
import { maxElementLength } from '../../framing.ts'
import { HeldText } from '../../held-text.ts'
import { wholeArguments } from './function-call.ts'

/** A tool call that has all it will get. */
export interface WholeCall {
  index: number
  id: string
  name: string
  arguments: string
  custom?: true
  state?: Omit<ReasoningState, 'model'>
}

interface OpenCall extends Omit<WholeCall, 'arguments'> {
  pieces: HeldText
  /** What ended with the bracket of an object has been put together to see whether it is one. */
  whole: string | undefined
  mayBeWhole: boolean
}

/**
 * Gathers tool calls: Gemini says each whole, in their order, and they may come in pieces and mixed. A call is given
 * when it is whole, something else has come (its state may stand behind it), and those before it have been given.
 */
export class OpenCalls {
  readonly #open = new Map<number, OpenCall>()
  #latest: OpenCall | undefined
  #held = 0

  add(event: Extract<Event, { type: 'tool_call' }>): void {
    const call = this.#open.get(event.index) ?? this.#begun(event)
    // A piece of a call that was given, or of one that nobody named.
    if (call === undefined) return
    call.id ||= event.id ?? ''
    call.name ||= event.name ?? ''
    if (event.custom) call.custom = true
    this.#latest = call
    // Beyond that it is no call: a stream must not fill the memory.
    this.#held += event.arguments.length
    if (event.arguments === '' || this.#held > maxElementLength) return
    call.pieces.add(event.arguments)
    call.mayBeWhole = event.arguments.trimEnd().endsWith('}')
  }

  /** False when there is no call that the state could belong to. */
  addState(state: Omit<ReasoningState, 'model'>): boolean {
    if (this.#latest === undefined) return false
    this.#latest.state = state
    return true
  }

  /** Those that are whole when something comes that is no piece of the call at `touched`. */
  settled(touched?: number): WholeCall[] {
    const settled: WholeCall[] = []
    for (const call of this.#inOrder()) {
      if (call.index === touched || !isWhole(call)) break
      settled.push(this.#give(call))
    }
    return settled
  }

  /** All others, the broken ones too; `cut`: the answer was, so that what is not whole is no call. */
  rest(cut: boolean): WholeCall[] {
    return this.#inOrder()
      .map((call) => this.#give(call))
      .filter(
        (call) => call.name !== '' && !(cut && !call.custom && wholeArguments(call.arguments) === undefined),
      )
  }

  #begun({ index, id, name }: Extract<Event, { type: 'tool_call' }>): OpenCall | undefined {
    if (id === undefined && name === undefined) return undefined
    const call: OpenCall = {
      ...{ index, id: '', name: '', pieces: new HeldText(), whole: undefined, mayBeWhole: false },
    }
    this.#open.set(index, call)
    return call
  }

  #give(call: OpenCall): WholeCall {
    this.#open.delete(call.index)
    if (this.#latest === call) this.#latest = undefined
    if (this.#open.size === 0) this.#held = 0
    const { pieces, whole, mayBeWhole: _mayBeWhole, ...rest } = call
    return { ...rest, arguments: whole ?? pieces.take() }
  }

  #inOrder(): OpenCall[] {
    return this.#open.size < 2
      ? [...this.#open.values()]
      : [...this.#open.values()].sort((a, b) => a.index - b.index)
  }
}

/** Free text has no end of its own. */
function isWhole(call: OpenCall): boolean {
  if (call.whole !== undefined) return true
  if (!call.mayBeWhole || call.custom || call.name === '') return false
  const text = call.pieces.take()
  call.mayBeWhole = false
  if (wholeArguments(text) === undefined) call.pieces.add(text)
  else call.whole = text
  return call.whole !== undefined
}
