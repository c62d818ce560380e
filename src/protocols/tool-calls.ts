import type { Event } from '../core/event.ts'

/** One tool call of an answer as far as it is known. */
export interface ToolCall {
  /** Its ordinal among the answer's tool calls, from 0: what clients of every protocol count by. */
  readonly index: number
  id: string
  named: boolean
  hasArguments: boolean
}

/** No answer has that many: a stream without end must not fill the memory. */
const maxKept = 4096

/** The tool calls of one answer, by whatever key their protocol gives them. */
export class ToolCalls {
  readonly #byKey = new Map<string | number, ToolCall>()
  readonly #first: number
  #next: number

  /** `first`: the ordinal of the first call. */
  constructor(first = 0) {
    this.#first = first
    this.#next = first
  }

  get count(): number {
    return this.#next - this.#first
  }

  get next(): number {
    return this.#next
  }

  get(key: string | number): ToolCall | undefined {
    return this.#byKey.get(key)
  }

  /** A new call under this key, also when an earlier one has it. */
  open(key: string | number): ToolCall {
    const call = { index: this.#next++, id: '', named: false, hasArguments: false }
    if (this.#byKey.size < maxKept) this.#byKey.set(key, call)
    return call
  }
}

/** Appends what is new about a call: id and name once, arguments as they come. Nothing new, no event. */
export function pushToolCall(
  call: ToolCall,
  news: {
    id?: string | undefined
    name?: string | undefined
    arguments: string
    /** Of a tool that is called with free text. */
    custom?: boolean
    choice?: number
  },
  events: Event[],
): void {
  const event: Extract<Event, { type: 'tool_call' }> = {
    type: 'tool_call',
    index: call.index,
    arguments: news.arguments,
  }
  if (news.choice) event.choice = news.choice
  if (news.id && call.id === '') {
    call.id = news.id
    event.id = news.id
  }
  if (news.name && !call.named) {
    call.named = true
    event.name = news.name
    if (news.custom) event.custom = true
  }
  if (news.arguments !== '') call.hasArguments = true
  else if (event.id === undefined && event.name === undefined) return
  events.push(event)
}
