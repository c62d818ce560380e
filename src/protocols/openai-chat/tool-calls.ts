import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled } from '../substance.ts'
import { pushToolCall, type ToolCall, ToolCalls } from '../tool-calls.ts'
import { choiceOf, thoughtSignature } from './delta-fields.ts'

const maxChoices = 4096

/** Follows the tool calls of chat's deltas, each named by its choice and index. */
export class ChatToolCalls {
  readonly #calls = new ToolCalls()
  readonly #choices = new Set<number>()
  #latest: ToolCall | undefined

  calledIn(choice: number): boolean {
    return this.#choices.has(choice)
  }

  readCalls(value: Json, choice: number, events: Event[]): void {
    for (const call of Array.isArray(value) ? value : []) if (isObject(call)) this.#read(call, choice, events)
  }

  /** The one `function_call` of the time before `tool_calls`. */
  readLegacy(value: Json, choice: number, events: Event[]): void {
    if (!isObject(value) || (!filled(value.name) && !filled(value.arguments))) return
    const key = `${choice}:function_call`
    this.#note(choice)
    pushToolCall(this.#calls.get(key) ?? this.#calls.open(key), { ...spoken(value), choice }, events)
  }

  #read(call: JsonObject, choice: number, events: Event[]): void {
    const id = filled(call.id)
    const isFunction = isObject(call.function) && !isEmpty(call.function)
    const words = spoken(isFunction ? call.function : call.custom)
    if (id === undefined && words.name === undefined && words.arguments === '') return
    this.#note(choice)
    this.#latest = this.#place(call, choice, id, words.name)
    const custom = !isFunction && isObject(call.custom)
    pushToolCall(this.#latest, { id, ...words, custom, choice }, events)
    const signature = thoughtSignature(call)
    if (signature) events.push({ type: 'state', on: 'tool_call', state: signature, ...choiceOf(choice) })
  }

  #note(choice: number): void {
    if (this.#choices.size < maxChoices) this.#choices.add(choice)
  }

  /** Which call a fragment belongs to. Some vendors give no index, others give every call of an answer index 0. */
  #place(call: JsonObject, choice: number, id: string | undefined, name: string | undefined): ToolCall {
    const begins = id !== undefined && name !== undefined
    if (typeof call.index !== 'number') {
      return !begins && name === undefined && this.#latest ? this.#latest : this.#calls.open(`${choice}:none`)
    }
    const key = `${choice}:${call.index}`
    const known = this.#calls.get(key)
    if (known === undefined) return this.#calls.open(key)
    return begins && known.id !== '' && known.id !== id ? this.#calls.open(key) : known
  }
}

function spoken(fn: Json | undefined): { name: string | undefined; arguments: string } {
  if (!isObject(fn)) return { name: undefined, arguments: '' }
  return { name: filled(fn.name), arguments: argumentText(fn.arguments ?? fn.input) }
}

/** Ollama and a few others send the arguments as an object. */
function argumentText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return isObject(value) ? jsonText(value) : ''
}

function isEmpty(fn: JsonObject): boolean {
  return !filled(fn.name) && argumentText(fn.arguments) === ''
}
