import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { filled, hasSubstance } from '../substance.ts'
import type { ChatToolCalls } from './tool-calls.ts'

/** What has been seen of an answer's deltas. */
export interface DeltasSeen {
  readonly tools: ChatToolCalls
  refused: boolean
  /** Within the present delta: some vendors send the same reasoning under two names. */
  reasoned: boolean
}

type KeyReader = (value: Json, choice: number, seen: DeltasSeen, events: Event[]) => void

const ignore: KeyReader = () => {}

/** One reader for each key that a delta, or a whole answer's message, is known to have. */
const keyReaders: ReadonlyMap<string, KeyReader> = new Map<string, KeyReader>([
  ['content', readContent],
  ['reasoning_content', readReasoning],
  ['reasoning', readReasoning],
  ['reasoning_details', readReasoningDetails],
  ['refusal', readRefusal],
  ['tool_calls', (value, choice, seen, events) => seen.tools.readCalls(value, choice, events)],
  ['function_call', (value, choice, seen, events) => seen.tools.readLegacy(value, choice, events)],
  ...['annotations', 'audio', 'citations', 'executed_tools', 'extra_content', 'image', 'images'].map(content),
  ...['provider_specific_fields', 'reasoning_signature', 'thinking_blocks', 'thought_signature'].map(content),
  ...['role', 'index', 'name', 'type', 'id', 'channel', 'token_id', 'token_ids'].map(ignored),
])

/** Appends the events of a delta, or of a message, which has the same keys. */
export function readDelta(delta: JsonObject, choice: number, seen: DeltasSeen, events: Event[]): void {
  seen.reasoned = false
  for (const key in delta) {
    const value = delta[key]
    if (value === null || value === '' || value === undefined) continue
    const read = keyReaders.get(key)
    if (read !== undefined) read(value, choice, seen, events)
    else if (hasSubstance(value)) events.push({ type: 'unknown', name: `delta.${key}` })
  }
}

function content(kind: string): [string, KeyReader] {
  return [
    kind,
    (value, _choice, _seen, events) => {
      if (hasSubstance(value)) events.push({ type: 'content', kind })
    },
  ]
}

function ignored(key: string): [string, KeyReader] {
  return [key, ignore]
}

/** A string, or Mistral's list of parts. */
function readContent(value: Json, _choice: number, _seen: DeltasSeen, events: Event[]): void {
  if (typeof value === 'string') events.push({ type: 'text', text: value })
  else if (Array.isArray(value)) for (const part of value) readPart(part, events)
  else events.push({ type: 'unknown', name: 'delta.content' })
}

function readPart(part: Json, events: Event[]): void {
  if (typeof part === 'string' && part !== '') events.push({ type: 'text', text: part })
  if (!isObject(part)) return
  if (part.type === 'text') pushText('text', part.text, events)
  else if (part.type === 'refusal') pushText('refusal', part.refusal, events)
  else if (part.type === 'thinking') readThinking(part.thinking, events)
  else events.push({ type: 'content', kind: filled(part.type) ?? 'part' })
}

function readThinking(thinking: Json | undefined, events: Event[]): void {
  if (!Array.isArray(thinking)) pushText('reasoning', thinking, events)
  else for (const part of thinking) if (isObject(part)) pushText('reasoning', part.text, events)
}

function readReasoning(value: Json, _choice: number, seen: DeltasSeen, events: Event[]): void {
  if (seen.reasoned || typeof value !== 'string') return
  seen.reasoned = true
  events.push({ type: 'reasoning', text: value })
}

/** OpenRouter's list: the text of `reasoning` again, and what only the model can read. */
function readReasoningDetails(value: Json, _choice: number, seen: DeltasSeen, events: Event[]): void {
  const before = events.length
  for (const detail of Array.isArray(value) ? value : []) {
    if (!isObject(detail)) continue
    if (!seen.reasoned) pushText('reasoning', detail.text ?? detail.summary, events)
    if (filled(detail.data) ?? filled(detail.signature)) {
      events.push({ type: 'content', kind: 'reasoning_signature' })
    }
  }
  seen.reasoned ||= events.slice(before).some((event) => event.type === 'reasoning')
}

function readRefusal(value: Json, _choice: number, seen: DeltasSeen, events: Event[]): void {
  if (typeof value !== 'string') return
  seen.refused = true
  events.push({ type: 'refusal', text: value })
}

function pushText(type: 'text' | 'reasoning' | 'refusal', text: Json | undefined, events: Event[]): void {
  if (typeof text === 'string' && text !== '') events.push({ type, text })
}
