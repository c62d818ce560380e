import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled, hasSubstance } from '../substance.ts'
import { pushToolCall, type ToolCall, type ToolCalls } from '../tool-calls.ts'
import { codeWords } from './code-text.ts'
import { PartialArgs } from './partial-args.ts'

/** What a part may hold that no event carries. */
const otherContent = ['fileData', 'functionResponse']
/** Google's own tools by the names that protocols share. */
const toolKinds: ReadonlyMap<string, string> = new Map([
  ['GOOGLE_SEARCH_WEB', 'web_search'],
  ['GOOGLE_SEARCH_IMAGE', 'web_search'],
  ['URL_CONTEXT', 'web_fetch'],
])
const attributes = new Set([
  'thought',
  'thoughtSignature',
  'text',
  'videoMetadata',
  'partMetadata',
  'mediaResolution',
])

/** Follows the parts of one candidate; its tool calls count on from those of the candidates before it. */
export class Parts {
  readonly #tools: ToolCalls
  readonly #choice: { choice?: number }
  /** A function call whose arguments still come. */
  #open: { call: ToolCall; args: PartialArgs } | undefined
  #called = false
  /** What the latest words were, while nothing else has come behind them. */
  #said: 'text' | 'reasoning' | null = null

  constructor(tools: ToolCalls, choice: number) {
    this.#tools = tools
    this.#choice = choice === 0 ? {} : { choice }
  }

  get toolCalled(): boolean {
    return this.#called
  }

  read(part: Json, events: Event[]): void {
    if (!isObject(part)) {
      events.push({ type: 'unknown', name: 'part' })
      return
    }
    const before = events.length
    const text = filled(part.text)
    const kind = part.thought === true ? 'reasoning' : 'text'
    if (text !== undefined) events.push({ type: kind, text, ...this.#choice })
    if (isObject(part.functionCall)) this.#readCall(part.functionCall, events)
    this.#readOther(part, events)
    if (text !== undefined) this.#said = kind
    else if (events.length > before) this.#said = null
    const signature = filled(part.thoughtSignature)
    if (signature !== undefined) this.#readState(signature, part, kind, events)
    if (events.length === before && !isObject(part.functionCall)) complainOfUnknown(part, events)
  }

  /** Pictures and sound; code that the provider ran, in words. */
  #readOther(part: JsonObject, events: Event[]): void {
    const { inlineData } = part
    if (isObject(inlineData)) {
      const media = { mediaType: filled(inlineData.mimeType) ?? '', data: filled(inlineData.data) ?? '' }
      if (media.data !== '') events.push({ type: 'media', ...media, ...this.#choice })
    }
    const ran = codeWords(part)
    if (ran !== undefined) {
      events.push({ type: 'server_tool', kind: 'code_execution', text: ran, ...this.#choice })
    }
    this.#readToolRun(part, events)
    for (const kind of otherContent) if (isObject(part[kind])) events.push({ type: 'content', kind })
  }

  /** What Google's own tools did; what came of it is in the answer's words. */
  #readToolRun({ toolCall, toolResponse }: JsonObject, events: Event[]): void {
    if (isObject(toolCall)) {
      const type = filled(toolCall.toolType) ?? 'other'
      const kind = toolKinds.get(type) ?? type.toLowerCase()
      events.push({ type: 'server_tool', kind, text: '', ...this.#choice })
    }
    if (isObject(toolResponse)) events.push({ type: 'structure', name: 'toolResponse' })
  }

  /** Streams end a text or a thought with a part that has only its signature. */
  #readState(data: string, part: JsonObject, kind: 'text' | 'reasoning', events: Event[]): void {
    const state = { protocol: 'gemini', kind: 'thought_signature', data } as const
    const said = this.#said === kind ? kind : null
    events.push({
      type: 'state',
      state,
      on: isObject(part.functionCall) ? 'tool_call' : said,
      ...this.#choice,
    })
  }

  /** The answer is at its end: so are the arguments of its last call. */
  close(events: Event[]): void {
    if (this.#open === undefined) return
    const { call, args } = this.#open
    this.#open = undefined
    pushToolCall(call, { arguments: args.json, ...this.#choice }, events)
  }

  /** A whole call; or the beginning (a name), a piece, or the end (no `willContinue`) of one that comes in pieces. */
  #readCall(fn: JsonObject, events: Event[]): void {
    const name = filled(fn.name)
    if (name !== undefined) {
      this.close(events)
      const call = this.#tools.open(this.#tools.count)
      this.#called = true
      const inPieces = fn.willContinue === true || Array.isArray(fn.partialArgs)
      const text = inPieces ? '' : jsonText(fn.args ?? {})
      pushToolCall(call, { id: filled(fn.id), name, arguments: text, ...this.#choice }, events)
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
