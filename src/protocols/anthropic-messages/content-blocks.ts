import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled, hasSubstance } from '../substance.ts'
import { pushToolCall, type ToolCall, ToolCalls } from '../tool-calls.ts'

interface OpenBlock {
  type: string
  call: ToolCall | undefined
  /** A tool's input given at the block's start: it counts if no deltas follow. */
  input: Json | undefined
}

const textKinds = new Map<string, 'text' | 'reasoning'>([
  ['text', 'text'],
  ['thinking', 'reasoning'],
])

/** Blocks come one after the other; a stream that only opens them must not pile up. */
const maxOpen = 256

/** Follows the content blocks of one message, streamed or whole. */
export class ContentBlocks {
  readonly #tools: ToolCalls
  readonly #open = new Map<number, OpenBlock>()

  /** `earlier`: the blocks of a message before this one in the same stream, whose tool calls count on. */
  constructor(earlier?: ContentBlocks) {
    this.#tools = new ToolCalls(earlier?.nextTool)
  }

  get nextTool(): number {
    return this.#tools.next
  }

  get toolCalled(): boolean {
    return this.#tools.count > 0
  }

  start(block: JsonObject, index: number, events: Event[]): void {
    const type = filled(block.type) ?? 'block'
    const kind = textKinds.get(type)
    const opened: OpenBlock = { type, call: undefined, input: undefined }
    if (this.#open.size < maxOpen) this.#open.set(index, opened)
    if (kind !== undefined) {
      const text = filled(kind === 'text' ? block.text : block.thinking)
      events.push(text === undefined ? { type: 'structure', name: `${type}.start` } : { type: kind, text })
    } else if (type === 'tool_use') {
      opened.call = this.#tools.open(index)
      opened.input = block.input
      pushToolCall(opened.call, { id: filled(block.id), name: filled(block.name), arguments: '' }, events)
    } else {
      events.push({ type: 'content', kind: type })
    }
  }

  delta(delta: JsonObject, index: number, events: Event[]): void {
    if (delta.type === 'text_delta') push('text', delta.text, events)
    else if (delta.type === 'thinking_delta') push('reasoning', delta.thinking, events)
    else if (delta.type === 'input_json_delta') this.#readInput(delta.partial_json, index, events)
    else if (typeof delta.type === 'string' && otherDeltas.has(delta.type)) {
      events.push({ type: 'content', kind: delta.type.slice(0, -'_delta'.length) })
    } else events.push({ type: 'unknown', name: filled(delta.type) ?? 'delta' })
  }

  stop(index: number, events: Event[]): void {
    const block = this.#open.get(index)
    this.#open.delete(index)
    if (block?.call !== undefined && !block.call.hasArguments && hasSubstance(block.input)) {
      pushToolCall(block.call, { arguments: jsonText(block.input ?? {}) }, events)
    }
    events.push({ type: 'structure', name: `${block?.type ?? 'block'}.stop` })
  }

  /** A block of a whole message: started and stopped at once, and without the structure. */
  whole(block: Json, index: number, events: Event[]): void {
    if (!isObject(block)) return
    const all: Event[] = []
    this.start(block, index, all)
    const call = this.#open.get(index)?.call
    if (call !== undefined) pushToolCall(call, { arguments: jsonText(block.input ?? {}) }, all)
    this.#open.delete(index)
    if (filled(block.signature)) all.push({ type: 'content', kind: 'signature' })
    if (Array.isArray(block.citations) && block.citations.length > 0)
      all.push({ type: 'content', kind: 'citations' })
    for (const event of all) if (event.type !== 'structure') events.push(event)
  }

  #readInput(json: Json | undefined, index: number, events: Event[]): void {
    const block = this.#open.get(index)
    if (block?.call !== undefined) pushToolCall(block.call, { arguments: filled(json) ?? '' }, events)
    else if (filled(json)) events.push({ type: 'content', kind: block?.type ?? 'input_json' })
  }
}

const otherDeltas = new Set(['signature_delta', 'citations_delta', 'compaction_delta'])

function push(type: 'text' | 'reasoning', text: Json | undefined, events: Event[]): void {
  const words = filled(text)
  if (words !== undefined) events.push({ type, text: words })
}
