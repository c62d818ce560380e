import type { ReasoningPart, ReasoningState } from '../../core/call.ts'
import { arrayAt, isObject, type JsonObject, stringAt } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { unsealed } from '../translation/reasoning-state.ts'

/** Between two chains of thought in the one text that chat has for them. */
export const thoughtSeparator = '\n\n'

interface Stretch {
  start: number
  end: number
}

/**
 * A state that only the model can read, in the form that OpenRouter gave such details and its clients echo. The id
 * tells to which stretch of the message's reasoning text it belongs: a signature proves exactly that.
 */
export function reasoningDetail(data: string, index: number, { start, end }: Stretch): JsonObject {
  return { type: 'reasoning.encrypted', data, id: `thought_${start}_${end}`, format: 'llmproxy', index }
}

/** The thoughts that an answer of ours, or of a provider that shows them, had: text, and what only the model can read. */
export function decodeThoughts(message: JsonObject): ReasoningPart[] {
  const details = (arrayAt(message, 'reasoning_details') ?? []).filter(isObject)
  const text =
    filled(message.reasoning_content) ?? filled(message.reasoning) ?? details.map(detailText).join('')
  const ours = details.flatMap((detail) => {
    const state = unsealed(stringAt(detail, 'data') ?? '')
    return state === undefined ? [] : [{ state, stretch: stretchOf(detail) }]
  })
  const thoughts = divided(text, ours) ?? gathered(text, ours)
  const theirs = foreignState(details)
  if (theirs === undefined) return thoughts
  const [first, ...rest] = thoughts
  return first && first.state === undefined
    ? [{ ...first, state: theirs }, ...rest]
    : [...thoughts, { type: 'reasoning', text: '', state: theirs }]
}

interface Owned {
  state: ReasoningState
  stretch: Stretch | undefined
}

/** The text cut into what each state belongs to; undefined where a client has changed it. */
function divided(text: string, states: readonly Owned[]): ReasoningPart[] | undefined {
  const parts: ReasoningPart[] = []
  let at = 0
  for (const { state, stretch } of states) {
    if (stretch === undefined || stretch.start < at || stretch.end > text.length) return undefined
    const between = text.slice(at, stretch.start)
    const isSeparated = between.endsWith(thoughtSeparator)
    parts.push(...unclaimed(isSeparated ? between.slice(0, -thoughtSeparator.length) : between, at))
    parts.push({ type: 'reasoning', text: text.slice(stretch.start, stretch.end), state })
    at = stretch.end
  }
  return [...parts, ...unclaimed(text.slice(at), at)]
}

/** A thought without a state, and without what parts it from the thought that ends where it begins. */
function unclaimed(words: string, at: number): ReasoningPart[] {
  const isSeparated = at > 0 && words.startsWith(thoughtSeparator)
  const text = isSeparated ? words.slice(thoughtSeparator.length) : words
  return text === '' ? [] : [{ type: 'reasoning', text }]
}

/** All of the text for the first state that can prove any. */
function gathered(text: string, states: readonly Owned[]): ReasoningPart[] {
  const owner = states.findIndex(({ state }) => state.kind !== 'redacted')
  const parts = states.map(
    ({ state }, index): ReasoningPart => ({ type: 'reasoning', text: index === owner ? text : '', state }),
  )
  return owner < 0 && text !== '' ? [{ type: 'reasoning', text }, ...parts] : parts
}

function stretchOf(detail: JsonObject): Stretch | undefined {
  const [, start, end] = /^thought_(\d{1,9})_(\d{1,9})$/.exec(stringAt(detail, 'id') ?? '') ?? []
  if (start === undefined || end === undefined || Number(start) > Number(end)) return undefined
  return { start: Number(start), end: Number(end) }
}

/** The details of a vendor, kept as they are: whoever wrote them wants all of them back in their order. */
function foreignState(details: readonly JsonObject[]): ReasoningState | undefined {
  const theirs = details.filter((detail) => unsealed(stringAt(detail, 'data') ?? '') === undefined)
  if (!theirs.some((detail) => opaqueOf(detail) !== undefined)) return undefined
  return { protocol: 'openai-chat', model: null, kind: 'encrypted', data: JSON.stringify(theirs) }
}

/** What of a vendor's detail only the model can read. */
export function opaqueOf(detail: JsonObject): string | undefined {
  return filled(detail.data) ?? filled(detail.signature)
}

export function detailText(detail: JsonObject): string {
  return filled(detail.text) ?? filled(detail.summary) ?? ''
}
