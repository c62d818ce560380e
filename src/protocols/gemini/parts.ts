import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled, hasSubstance } from '../substance.ts'
import { pushToolCall, type ToolCall, ToolCalls } from '../tool-calls.ts'
import { PartialArgs } from './partial-args.ts'

/** What a part may hold besides text and function calls. */
const otherContent = [
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'functionResponse',
]
const attributes = new Set([
  'thought',
  'thoughtSignature',
  'text',
  'videoMetadata',
  'partMetadata',
  'mediaResolution',
])

/** Follows the parts of one answer. */
export class Parts {
  readonly #tools = new ToolCalls()
  /** A function call whose arguments still come. */
  #open: { call: ToolCall; args: PartialArgs } | undefined

  get toolCalled(): boolean {
    return this.#tools.count > 0
  }

  read(part: Json, events: Event[]): void {
    if (!isObject(part)) {
      events.push({ type: 'unknown', name: 'part' })
      return
    }
    const before = events.length
    const text = filled(part.text)
    if (text !== undefined) events.push({ type: part.thought === true ? 'reasoning' : 'text', text })
    if (isObject(part.functionCall)) this.#readCall(part.functionCall, events)
    for (const kind of otherContent) if (isObject(part[kind])) events.push({ type: 'content', kind })
    if (filled(part.thoughtSignature)) events.push({ type: 'content', kind: 'thoughtSignature' })
    if (events.length === before && !isObject(part.functionCall)) complainOfUnknown(part, events)
  }

  /** The answer is at its end: so are the arguments of its last call. */
  close(events: Event[]): void {
    if (this.#open === undefined) return
    const { call, args } = this.#open
    this.#open = undefined
    pushToolCall(call, { arguments: args.json }, events)
  }

  /** A whole call; or the beginning (a name), a piece, or the end (no `willContinue`) of one that comes in pieces. */
  #readCall(fn: JsonObject, events: Event[]): void {
    const name = filled(fn.name)
    if (name !== undefined) {
      this.close(events)
      const call = this.#tools.open(this.#tools.count)
      const inPieces = fn.willContinue === true || Array.isArray(fn.partialArgs)
      const text = inPieces ? '' : jsonText(fn.args ?? {})
      pushToolCall(call, { id: filled(fn.id), name, arguments: text }, events)
      if (!inPieces) return
      this.#open = { call, args: new PartialArgs() }
    }
    for (const piece of Array.isArray(fn.partialArgs) ? fn.partialArgs : []) {
      if (this.#open?.args.add(piece) !== true) events.push({ type: 'unknown', name: 'partialArgs' })
    }
    if (fn.willContinue !== true) this.close(events)
  }
}

function complainOfUnknown(part: JsonObject, events: Event[]): void {
  for (const key in part) {
    if (!attributes.has(key) && hasSubstance(part[key])) events.push({ type: 'unknown', name: `part.${key}` })
  }
}
