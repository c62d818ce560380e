import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { pushToolCall, ToolCalls } from '../tool-calls.ts'
import { type CallerToolCall, callerToolCall } from './caller-tools.ts'

type TextType = 'text' | 'reasoning' | 'refusal'

/** Parts numbered below this within one item have keys of their own; no answer comes near it. */
const partsPerItem = 4096
/** A stream of ever new parts must not pile up. */
const maxPartsSeen = 4096

/**
 * Follows the output items of one response. Text and arguments count once, whether they came as deltas, only in
 * a `.done` event, only in the finished item, or only in the final response: vendors do each of these.
 */
export class OutputItems {
  refused = false
  readonly #tools: ToolCalls
  readonly #items = new Set<number>()
  readonly #texts = new Set<number>()
  readonly #parts = new Set<number>()
  #latestPart = -1

  /** `earlier`: the items of a response before this one in the same stream, whose tool calls count on. */
  constructor(earlier?: OutputItems) {
    this.#tools = new ToolCalls(earlier?.nextTool)
  }

  get nextTool(): number {
    return this.#tools.next
  }

  get toolCalled(): boolean {
    return this.#tools.count > 0
  }

  get any(): boolean {
    return this.#items.size > 0
  }

  added(item: JsonObject, output: number, events: Event[]): void {
    this.#items.add(output)
    const type = filled(item.type) ?? 'item'
    const call = callerToolCall(item, false)
    if (call !== undefined) this.#readCall(call, output, events)
    else if (type === 'message' || type === 'reasoning')
      events.push({ type: 'structure', name: `${type}.added` })
    else events.push({ type: 'content', kind: type })
  }

  done(item: JsonObject, output: number, events: Event[]): void {
    const before = events.length
    const type = filled(item.type) ?? 'item'
    const call = callerToolCall(item, true)
    if (call !== undefined) this.#readCall(call, output, events)
    else if (type === 'message') this.#readParts(item.content, output, events)
    else if (type === 'reasoning') this.#readReasoning(item, output, events)
    else if (!this.#items.has(output)) events.push({ type: 'content', kind: type })
    this.#items.add(output)
    if (events.length === before) events.push({ type: 'structure', name: `${type}.done` })
  }

  #see(output: number, part: number): void {
    if (this.#parts.size >= maxPartsSeen) return
    this.#parts.add(part)
    this.#texts.add(output)
    this.#items.add(output)
  }

  text(type: TextType, text: Json | undefined, output: number, part: number, events: Event[]): void {
    if (typeof text !== 'string' || text === '') return
    const key = output * partsPerItem + part
    if (key !== this.#latestPart) {
      this.#latestPart = key
      this.#see(output, key)
    }
    if (type === 'refusal') this.refused = true
    events.push({ type, text })
  }

  hasPart(output: number, part: number): boolean {
    return this.#parts.has(output * partsPerItem + part)
  }

  /** A piece of a tool call's arguments; `whole`: all of them, which count only if no piece came before. */
  arguments(text: Json | undefined, output: number, whole: boolean, events: Event[]): void {
    const call = this.#tools.get(output)
    // Without a call under this output the provider runs the tool itself.
    if (call === undefined)
      events.push(whole ? { type: 'structure', name: 'input.done' } : { type: 'content', kind: 'tool_input' })
    else if (!(whole && call.hasArguments)) pushToolCall(call, { arguments: filled(text) ?? '' }, events)
  }

  #readCall(said: CallerToolCall, output: number, events: Event[]): void {
    const call = this.#tools.get(output) ?? this.#tools.open(output)
    pushToolCall(call, call.hasArguments ? { ...said, arguments: '' } : said, events)
  }

  #readReasoning(item: JsonObject, output: number, events: Event[]): void {
    this.#readParts(item.summary, output, events)
    this.#readParts(item.content, output, events)
    if (filled(item.encrypted_content)) events.push({ type: 'content', kind: 'encrypted_reasoning' })
  }

  #readParts(parts: Json | undefined, output: number, events: Event[]): void {
    if (this.#texts.has(output)) return
    for (const part of Array.isArray(parts) ? parts : []) this.#readPart(part, output, events)
  }

  #readPart(part: Json, output: number, events: Event[]): void {
    if (!isObject(part)) return
    if (part.type === 'output_text' || part.type === 'text') push('text', part.text, events)
    else if (part.type === 'reasoning_text' || part.type === 'summary_text')
      push('reasoning', part.text, events)
    else if (part.type === 'refusal') {
      this.refused = true
      push('refusal', part.refusal, events)
    } else events.push({ type: 'content', kind: filled(part.type) ?? 'part' })
    if (Array.isArray(part.annotations) && part.annotations.length > 0 && !this.#items.has(output)) {
      events.push({ type: 'content', kind: 'annotation' })
    }
  }
}

function push(type: TextType, text: Json | undefined, events: Event[]): void {
  const words = filled(text)
  if (words !== undefined) events.push({ type, text: words })
}
