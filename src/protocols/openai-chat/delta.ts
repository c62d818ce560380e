import type { Event } from '../../core/event.ts'
import { isObject, type Json, type JsonObject, stringAt } from '../../core/json.ts'
import { filled, hasSubstance } from '../substance.ts'
import { unsealed } from '../translation/reasoning-state.ts'
import { choiceOf, citationsOf, imagesOf, thoughtSignature } from './delta-fields.ts'
import { detailText, opaqueOf } from './reasoning-details.ts'
import type { ChatToolCalls } from './tool-calls.ts'

/** What has been seen of an answer's deltas. */
export interface DeltasSeen {
  readonly tools: ChatToolCalls
  readonly refused: Set<number>
  /** Within the present delta: some vendors send the same reasoning under two names. */
  reasoned: boolean
}

type KeyReader = (value: Json, choice: number, seen: DeltasSeen, events: Event[]) => void

const ignore: KeyReader = () => {}
const readCitations: KeyReader = (value, choice, _seen, events) => {
  for (const citation of citationsOf(value)) events.push({ type: 'citation', citation, ...choiceOf(choice) })
}
const readImages: KeyReader = (value, choice, _seen, events) => {
  for (const image of imagesOf(value)) events.push({ type: 'media', ...image, ...choiceOf(choice) })
}

/** One reader for each key that a delta, or a whole answer's message, is known to have. */
const keyReaders: ReadonlyMap<string, KeyReader> = new Map<string, KeyReader>([
  ['content', readContent],
  ['reasoning_content', readReasoning],
  ['reasoning', readReasoning],
  ['reasoning_details', readReasoningDetails],
  ['refusal', readRefusal],
  ['tool_calls', (value, choice, seen, events) => seen.tools.readCalls(value, choice, events)],
  ['function_call', (value, choice, seen, events) => seen.tools.readLegacy(value, choice, events)],
  ['annotations', readCitations],
  ['citations', readCitations],
  ['images', readImages],
  ['audio', readAudio],
  ['extra_content', readExtra],
  ...['executed_tools', 'image'].map(content),
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
function readContent(value: Json, choice: number, _seen: DeltasSeen, events: Event[]): void {
  if (typeof value === 'string') pushText('text', value, choice, events)
  else if (Array.isArray(value)) for (const part of value) readPart(part, choice, events)
  else events.push({ type: 'unknown', name: 'delta.content' })
}

function readPart(part: Json, choice: number, events: Event[]): void {
  if (typeof part === 'string') pushText('text', part, choice, events)
  if (!isObject(part)) return
  if (part.type === 'text') pushText('text', part.text, choice, events)
  else if (part.type === 'refusal') pushText('refusal', part.refusal, choice, events)
  else if (part.type === 'thinking') readThinking(part.thinking, choice, events)
  else events.push({ type: 'content', kind: filled(part.type) ?? 'part' })
}

function readThinking(thinking: Json | undefined, choice: number, events: Event[]): void {
  if (!Array.isArray(thinking)) pushText('reasoning', thinking, choice, events)
  else for (const part of thinking) if (isObject(part)) pushText('reasoning', part.text, choice, events)
}

function readReasoning(value: Json, choice: number, seen: DeltasSeen, events: Event[]): void {
  if (seen.reasoned || typeof value !== 'string') return
  seen.reasoned = true
  pushText('reasoning', value, choice, events)
}

/**
 * OpenRouter's list: the text of `reasoning` again, and what only the model can read. Of the latter only a proxy of
 * this kind says whose it is.
 */
function readReasoningDetails(value: Json, choice: number, seen: DeltasSeen, events: Event[]): void {
  const before = events.length
  for (const detail of Array.isArray(value) ? value : []) {
    if (!isObject(detail)) continue
    if (!seen.reasoned) pushText('reasoning', detailText(detail), choice, events)
    const data = opaqueOf(detail)
    const state = data === undefined ? undefined : unsealed(data)
    const on = state?.kind === 'redacted' ? null : 'reasoning'
    if (state) events.push({ type: 'state', on, state, ...choiceOf(choice) })
    else if (data !== undefined) events.push({ type: 'content', kind: 'reasoning_signature' })
  }
  seen.reasoned ||= events.slice(before).some((event) => event.type === 'reasoning')
}

const maxChoices = 4096

function readRefusal(value: Json, choice: number, seen: DeltasSeen, events: Event[]): void {
  if (typeof value !== 'string') return
  if (seen.refused.size < maxChoices) seen.refused.add(choice)
  pushText('refusal', value, choice, events)
}

/** Sound comes in pieces of base64; its transcript is what the model said. */
function readAudio(value: Json, choice: number, _seen: DeltasSeen, events: Event[]): void {
  const data = stringAt(value, 'data') ?? ''
  const transcript = stringAt(value, 'transcript')
  if (data === '' && !transcript) return
  const said = transcript === undefined ? {} : { transcript }
  events.push({ type: 'media', mediaType: 'audio/wav', data, ...said, ...choiceOf(choice) })
}

function readExtra(value: Json, choice: number, _seen: DeltasSeen, events: Event[]): void {
  const state = thoughtSignature({ extra_content: value })
  if (state) events.push({ type: 'state', on: 'text', state, ...choiceOf(choice) })
  else if (hasSubstance(value)) events.push({ type: 'content', kind: 'extra_content' })
}

function pushText(
  type: 'text' | 'reasoning' | 'refusal',
  text: Json | undefined,
  choice: number,
  events: Event[],
): void {
  if (typeof text !== 'string' || text === '') return
  // Written out: these are the most of all events, and a spread costs.
  events.push(choice === 0 ? { type, text } : { type, text, choice })
}
