import type { Citation, ReasoningState } from '../../core/call.ts'
import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled, hasSubstance } from '../substance.ts'
import { pushToolCall, type ToolCall, ToolCalls } from '../tool-calls.ts'
import { readCitation } from './citations.ts'
import { serverToolEvent } from './server-tools.ts'

interface OpenBlock {
  type: string
  call: ToolCall | undefined
  /** A tool's input given at the block's start: it counts if no deltas follow. */
  input: Json | undefined
  /** Where its text begins in the answer's, in UTF-16 units. */
  from: number
  /** It has said something. */
  spoke: boolean
  /** Held to the block's end, where it is known what they stand behind. */
  citations: Citation[]
}

type WordKind = 'text' | 'reasoning'

const wordKinds = new Map<string, WordKind>([
  ['text', 'text'],
  ['thinking', 'reasoning'],
])

/** Blocks come one after the other; a stream that only opens them must not pile up. */
const maxOpen = 256
/** In characters, of all blocks together. More than that is passed on without its place. */
const maxHeldCitations = 1 << 20

/** Follows the content blocks of one message, streamed or whole. */
export class ContentBlocks {
  readonly #tools: ToolCalls
  readonly #open = new Map<number, OpenBlock>()
  #textLength: number
  #heldCitations = 0
  /** The kind of words that were said last, while nothing else has come. */
  #lastWords: WordKind | undefined

  /** `earlier`: the blocks of a message before this one in the same stream, whose tool calls and text count on. */
  constructor(earlier?: ContentBlocks) {
    this.#tools = new ToolCalls(earlier?.nextTool)
    this.#textLength = earlier?.textLength ?? 0
  }

  get nextTool(): number {
    return this.#tools.next
  }

  get textLength(): number {
    return this.#textLength
  }

  get toolCalled(): boolean {
    return this.#tools.count > 0
  }

  start(block: JsonObject, index: number, events: Event[]): void {
    const type = filled(block.type) ?? 'block'
    const opened = openBlock(type, this.#textLength)
    if (this.#open.size < maxOpen) this.#open.set(index, opened)
    const kind = wordKinds.get(type)
    if (kind !== undefined) this.#startWords(kind, block, opened, events)
    else if (type === 'tool_use') {
      this.#lastWords = undefined
      opened.call = this.#tools.open(index)
      opened.input = block.input
      pushToolCall(opened.call, { id: filled(block.id), name: filled(block.name), arguments: '' }, events)
    } else this.#startOther(type, block, events)
  }

  delta(delta: JsonObject, index: number, events: Event[]): void {
    const block = this.#open.get(index)
    switch (delta.type) {
      case 'text_delta':
        return this.#say('text', delta.text, block, events)
      case 'thinking_delta':
        return this.#say('reasoning', delta.thinking, block, events)
      case 'input_json_delta':
        return readInput(delta.partial_json, block, events)
      case 'signature_delta':
        return this.#sign(delta.signature, block, events)
      case 'citations_delta':
        return this.#cite(delta.citation, block, events)
      case 'compaction_delta':
        events.push({ type: 'content', kind: 'compaction' })
        return
      default:
        events.push({ type: 'unknown', name: filled(delta.type) ?? 'delta' })
    }
  }

  stop(index: number, events: Event[]): void {
    const block = this.#open.get(index)
    this.#open.delete(index)
    if (block !== undefined) this.#close(block, events)
    events.push({ type: 'structure', name: `${block?.type ?? 'block'}.stop` })
  }

  /** The message is over: what blocks that nobody stopped still hold. */
  finish(events: Event[]): void {
    for (const block of this.#open.values()) this.#close(block, events)
    this.#open.clear()
  }

  /** A block of a whole message: started and stopped at once, and without the structure. */
  whole(block: Json, index: number, events: Event[]): void {
    if (!isObject(block)) return
    const all: Event[] = []
    this.start(block, index, all)
    const call = this.#open.get(index)?.call
    if (call !== undefined) pushToolCall(call, { arguments: jsonText(block.input ?? {}) }, all)
    this.stop(index, all)
    for (const event of all) if (event.type !== 'structure') events.push(event)
  }

  #startWords(kind: WordKind, block: JsonObject, opened: OpenBlock, events: Event[]): void {
    if (this.#lastWords === kind) events.push({ type: 'boundary', of: kind })
    const words = kind === 'text' ? block.text : block.thinking
    if (filled(words) === undefined) events.push({ type: 'structure', name: `${opened.type}.start` })
    else this.#say(kind, words, opened, events)
    this.#sign(block.signature, opened, events)
    const citations = Array.isArray(block.citations) ? block.citations : []
    for (const citation of citations) this.#cite(citation, opened, events)
  }

  #startOther(type: string, block: JsonObject, events: Event[]): void {
    const redacted = type === 'redacted_thinking' ? filled(block.data) : undefined
    if (redacted !== undefined) events.push(stateEvent('redacted', redacted, null))
    const other: Event = serverToolEvent(block) ?? { type: 'content', kind: type }
    if (redacted === undefined) events.push(other)
    if (other.type !== 'content' || redacted !== undefined) this.#lastWords = undefined
  }

  #say(kind: WordKind, words: Json | undefined, block: OpenBlock | undefined, events: Event[]): void {
    const text = filled(words)
    if (text === undefined) return
    if (kind === 'text') this.#textLength += text.length
    if (block !== undefined) block.spoke = true
    this.#lastWords = kind
    events.push({ type: kind, text })
  }

  #sign(signature: Json | undefined, block: OpenBlock | undefined, events: Event[]): void {
    const data = filled(signature)
    if (data === undefined) return
    events.push(stateEvent('signature', data, block?.spoke ? 'reasoning' : null))
    this.#lastWords = undefined
  }

  #cite(json: Json | undefined, block: OpenBlock | undefined, events: Event[]): void {
    if (!isObject(json)) return
    const citation = readCitation(json)
    const length = lengthOf(citation)
    if (block === undefined || this.#heldCitations + length > maxHeldCitations) {
      events.push({ type: 'citation', citation })
      return
    }
    this.#heldCitations += length
    block.citations.push(citation)
  }

  /** A citation stands behind the whole text of its block. */
  #close(block: OpenBlock, events: Event[]): void {
    const { call, input, from, spoke } = block
    for (const citation of block.citations) {
      this.#heldCitations -= lengthOf(citation)
      const place = spoke ? { start: from, end: this.#textLength } : {}
      events.push({ type: 'citation', citation: { ...citation, ...place } })
    }
    if (call !== undefined && !call.hasArguments && hasSubstance(input)) {
      pushToolCall(call, { arguments: jsonText(input ?? {}) }, events)
    }
  }
}

function openBlock(type: string, from: number): OpenBlock {
  return { type, from, call: undefined, input: undefined, spoke: false, citations: [] }
}

/** With something for each, so that those without words do not pile up either. */
function lengthOf({ url, title, quote }: Citation): number {
  return 64 + (url?.length ?? 0) + (title?.length ?? 0) + (quote?.length ?? 0)
}

function readInput(json: Json | undefined, block: OpenBlock | undefined, events: Event[]): void {
  if (block?.call !== undefined) pushToolCall(block.call, { arguments: filled(json) ?? '' }, events)
  else if (filled(json)) events.push({ type: 'content', kind: block?.type ?? 'input_json' })
}

function stateEvent(kind: ReasoningState['kind'], data: string, on: 'reasoning' | null): Event {
  return { type: 'state', state: { protocol: 'anthropic-messages', kind, data }, on }
}
