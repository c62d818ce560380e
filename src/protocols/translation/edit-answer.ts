import type { Event } from '../../core/event.ts'
import { isObject, type Json } from '../../core/json.ts'
import type { AnswerEdits } from '../../core/protocol.ts'

type ToolCallEvent = Extract<Event, { type: 'tool_call' }>

/**
 * Undoes in an answer's events what the request had to say in another way: shortened tool names, custom tools that
 * were offered as functions, and the tool that stood in for an output format.
 */
export class AnswerEditor {
  readonly #edits: AnswerEdits
  /** Arguments of wrapped tools, held until they are whole. */
  readonly #wrapped = new Map<number, string>()
  readonly #answering = new Set<number>()
  #toolsCalled = false

  constructor(edits: AnswerEdits) {
    this.#edits = edits
  }

  push(events: readonly Event[]): Event[] {
    return events.flatMap((event) => {
      if (event.type === 'tool_call') return this.#editCall(event)
      return event.type === 'end' ? [...this.#flush(), this.#editEnd(event)] : [event]
    })
  }

  #editCall(event: ToolCallEvent): Event[] {
    const { toolNames, wrappedTools, answerTool } = this.#edits
    if (event.name !== undefined && event.name === answerTool) this.#answering.add(event.index)
    if (this.#answering.has(event.index)) {
      return event.arguments === '' ? [] : [{ type: 'text', text: event.arguments, ...choiceOf(event) }]
    }
    this.#toolsCalled = true
    const name = event.name === undefined ? undefined : (toolNames[event.name] ?? event.name)
    const named: ToolCallEvent = { ...event, ...(name !== undefined && { name }) }
    if (name !== undefined && wrappedTools.includes(name)) {
      this.#wrapped.set(event.index, '')
      return [{ ...named, arguments: '', custom: true }, ...this.#hold(event)]
    }
    return this.#wrapped.has(event.index) ? this.#hold(event) : [named]
  }

  #hold(event: ToolCallEvent): Event[] {
    const text = (this.#wrapped.get(event.index) ?? '') + event.arguments
    this.#wrapped.set(event.index, text)
    const input = event.arguments.trimEnd().endsWith('}') ? inputOf(text) : undefined
    if (input === undefined) return []
    this.#wrapped.delete(event.index)
    return input === ''
      ? []
      : [{ type: 'tool_call', index: event.index, arguments: input, ...choiceOf(event) }]
  }

  /** What never became an object with an `input` is passed as the model wrote it. */
  #flush(): Event[] {
    const left = [...this.#wrapped].filter(([, text]) => text !== '')
    this.#wrapped.clear()
    return left.map(([index, text]) => ({ type: 'tool_call', index, arguments: text }))
  }

  #editEnd(event: Extract<Event, { type: 'end' }>): Event {
    const answeredByTool = event.reason === 'tool' && this.#answering.size > 0 && !this.#toolsCalled
    return answeredByTool ? { ...event, reason: 'stop' } : event
  }
}

function choiceOf({ choice }: ToolCallEvent): { choice?: number } {
  return choice === undefined ? {} : { choice }
}

function inputOf(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) && typeof value.input === 'string' ? value.input : undefined
  } catch {
    return undefined
  }
}
