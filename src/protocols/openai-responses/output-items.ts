import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { pushToolCall, ToolCalls } from '../tool-calls.ts'
import { type CallerToolCall, callerToolCall } from './caller-tools.ts'
import { citationOf, logprobsOf } from './part-details.ts'
import { madeImage, serverToolKind, serverToolText } from './provider-items.ts'

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
  /** Parts whose citations or log probabilities came by themselves. */
  readonly #detailed = new Set<number>()
  #latestPart = -1
  /** What the last words were; undefined when something else has come between. */
  #latestType: TextType | undefined
  /** The length of the answer's text, and what of it stood before the latest part. */
  #textLength = 0
  #textBefore = 0

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
    else this.#readProviderItem(type, events)
  }

  done(item: JsonObject, output: number, events: Event[]): void {
    const before = events.length
    const type = filled(item.type) ?? 'item'
    const call = callerToolCall(item, true)
    if (call !== undefined) this.#readCall(call, output, events)
    else if (type === 'message') this.#readParts(item.content, output, events)
    else if (type === 'reasoning') this.#readReasoning(item, output, events)
    else {
      if (!this.#items.has(output)) this.#readProviderItem(type, events)
      this.#readProviderResult(type, item, events)
    }
    this.#items.add(output)
    if (events.length === before) events.push({ type: 'structure', name: `${type}.done` })
  }

  text(type: TextType, text: Json | undefined, output: number, part: number, events: Event[]): void {
    if (typeof text !== 'string' || text === '') return
    const key = output * partsPerItem + part
    if (key !== this.#latestPart) {
      this.#latestPart = key
      this.#see(output, key)
      this.#textBefore = this.#textLength
      if (this.#latestType === type && type !== 'refusal') events.push({ type: 'boundary', of: type })
    }
    this.#latestType = type
    if (type === 'refusal') this.refused = true
    if (type === 'text') this.#textLength += text.length
    events.push({ type, text })
  }

  /** An annotation of the part that is being said. */
  annotation(annotation: Json | undefined, output: number, part: number, events: Event[]): void {
    this.#detail(output, part)
    const citation = citationOf(annotation, this.#textBefore)
    if (citation) events.push({ type: 'citation', citation })
    else events.push({ type: 'content', kind: 'annotation' })
  }

  logprobs(list: Json | undefined, output: number, part: number, events: Event[]): void {
    const tokens = logprobsOf(list)
    if (tokens.length === 0) return
    this.#detail(output, part)
    events.push({ type: 'logprobs', tokens })
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

  #see(output: number, key: number): void {
    if (this.#parts.size >= maxPartsSeen) return
    this.#parts.add(key)
    this.#texts.add(output)
    this.#items.add(output)
  }

  #detail(output: number, part: number): void {
    if (this.#detailed.size < maxPartsSeen) this.#detailed.add(output * partsPerItem + part)
  }

  #readCall(said: CallerToolCall, output: number, events: Event[]): void {
    this.#latestType = undefined
    const call = this.#tools.get(output) ?? this.#tools.open(output)
    pushToolCall(call, call.hasArguments ? { ...said, arguments: '' } : said, events)
  }

  #readProviderItem(type: string, events: Event[]): void {
    this.#latestType = undefined
    const kind = serverToolKind(type)
    events.push(
      kind === undefined ? { type: 'content', kind: type } : { type: 'server_tool', kind, text: '' },
    )
  }

  #readProviderResult(type: string, item: JsonObject, events: Event[]): void {
    const image = madeImage(item)
    if (image) events.push({ type: 'media', ...image })
    const text = serverToolText(item)
    if (text !== '') events.push({ type: 'server_tool', kind: serverToolKind(type) ?? type, text })
  }

  #readReasoning(item: JsonObject, output: number, events: Event[]): void {
    this.#readParts(item.summary, output, events)
    this.#readParts(item.content, output, events)
    const data = filled(item.encrypted_content)
    if (data === undefined) return
    const on = this.#texts.has(output) ? 'reasoning' : null
    events.push({ type: 'state', state: { protocol: 'openai-responses', kind: 'encrypted', data }, on })
  }

  #readParts(parts: Json | undefined, output: number, events: Event[]): void {
    const said = this.#texts.has(output)
    for (const [index, part] of (Array.isArray(parts) ? parts : []).entries()) {
      if (!isObject(part)) continue
      if (!said) this.#readPart(part, output, index, events)
      if (!this.#detailed.has(output * partsPerItem + index)) this.#readDetails(part, output, index, events)
    }
  }

  #readPart(part: JsonObject, output: number, index: number, events: Event[]): void {
    if (part.type === 'output_text' || part.type === 'text')
      this.text('text', part.text, output, index, events)
    else if (part.type === 'reasoning_text' || part.type === 'summary_text')
      this.text('reasoning', part.text, output, index, events)
    else if (part.type === 'refusal') this.text('refusal', part.refusal, output, index, events)
    else events.push({ type: 'content', kind: filled(part.type) ?? 'part' })
  }

  #readDetails(part: JsonObject, output: number, index: number, events: Event[]): void {
    for (const annotation of Array.isArray(part.annotations) ? part.annotations : []) {
      this.annotation(annotation, output, index, events)
    }
    this.logprobs(part.logprobs, output, index, events)
  }
}
