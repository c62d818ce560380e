import type { Effort, ReasoningWish } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { budgetOf, effortOf, nearestEffort } from '../../translation/effort.ts'
import type { RequestEncoding, WireMessage } from './request-encoding.ts'

/** What of the rest of a request decides how it may think. */
export interface ThinkingPlace {
  messages: readonly WireMessage[]
  maxTokens: number
  /** A tool must be called. */
  forced: boolean
}

/** `thinking`, and the effort for `output_config`. */
export interface EncodedThinking {
  thinking?: JsonObject
  effort?: Effort
}

type Writer = (encoding: RequestEncoding, wish: ReasoningWish, place: ThinkingPlace) => EncodedThinking

const writers: Record<RequestEncoding['family']['reasoning'], { on: Writer; off: Writer }> = {
  none: { on: refused, off: () => ({}) },
  budget: { on: manual, off: () => ({}) },
  adaptive: { on: adaptive, off: turnedOff },
  // A model that is not Claude's: both forms are what such endpoints know.
  effort: {
    on: (encoding, wish, place) =>
      wish.adaptive ? adaptive(encoding, wish) : byBudget(encoding, wish, place),
    off: turnedOff,
  },
}

/** Nothing where the call leaves it to the provider. */
export function encodeThinking(encoding: RequestEncoding, place: ThinkingPlace): EncodedThinking {
  const wish = encoding.call.reasoning
  if (wish === null) return {}
  const writer = writers[encoding.family.reasoning]
  if (wish.effort === 'none' || wish.budgetTokens === 0) return writer.off(encoding, wish, place)
  return asks(wish) ? writer.on(encoding, wish, place) : {}
}

/** To want to read thoughts is to want them. */
function asks({ effort, budgetTokens, adaptive, visible }: ReasoningWish): boolean {
  return effort !== null || budgetTokens !== null || adaptive || visible === true
}

function refused({ lost }: RequestEncoding): EncodedThinking {
  lost.lose('reasoning')
  return {}
}

function turnedOff({ limits, lost }: RequestEncoding): EncodedThinking {
  if (limits.thinkingOff === 'left_out') return {}
  if (limits.thinkingOff !== 'never') return { thinking: { type: limits.thinkingOff } }
  lost.lose('reasoning')
  return { effort: 'low' }
}

const efforts: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']

function adaptive({ family }: RequestEncoding, wish: ReasoningWish): EncodedThinking {
  const effort = wish.effort ?? (wish.budgetTokens === null ? null : effortOf(wish.budgetTokens))
  const known = efforts.filter((name) => family.efforts.includes(name))
  const display = wish.visible === null ? undefined : wish.visible ? 'summarized' : 'omitted'
  return {
    thinking: { type: 'adaptive', ...(display !== undefined && { display }) },
    ...(effort !== null && { effort: nearestEffort(effort, known) }),
  }
}

/**
 * The form with a budget. It goes neither with a forced tool nor with a turn of tool calls that it did not open:
 * the API refuses both, so the request is sent without.
 */
function manual(encoding: RequestEncoding, wish: ReasoningWish, place: ThinkingPlace): EncodedThinking {
  if (place.forced || lacksThoughts(place.messages)) return refused(encoding)
  return byBudget(encoding, wish, place)
}

const minBudgetTokens = 1024
/** What a budget must leave of `max_tokens` for the answer, where there is that much. */
const roomForAnswerTokens = 4096

function byBudget(
  encoding: RequestEncoding,
  wish: ReasoningWish,
  { maxTokens }: ThinkingPlace,
): EncodedThinking {
  if (maxTokens <= minBudgetTokens) return refused(encoding)
  const wished = Math.max(wish.budgetTokens ?? budgetOf(wish.effort ?? 'medium'), minBudgetTokens)
  const room = maxTokens - Math.min(roomForAnswerTokens, Math.floor(maxTokens / 2))
  const budget = wished < maxTokens ? wished : Math.max(room, minBudgetTokens)
  // Thoughts are shown unless told otherwise.
  const display = wish.visible === false ? { display: 'omitted' } : {}
  return { thinking: { type: 'enabled', budget_tokens: budget, ...display } }
}

const thoughtTypes: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking'])

/**
 * The request goes on with a turn of tool calls of which no message begins with thoughts. The turn reaches back to
 * what the user last said without any result.
 */
function lacksThoughts(messages: readonly WireMessage[]): boolean {
  if (!hasResults(messages.at(-1))) return false
  const opening = messages.findLastIndex((message) => message.role === 'user' && !hasResults(message))
  const turn = messages.slice(opening + 1).filter(({ role }) => role === 'assistant')
  return !turn.some(({ content }) => thoughtTypes.has(content[0]?.type))
}

function hasResults(message: WireMessage | undefined): boolean {
  return message?.role === 'user' && message.content.some(({ type }) => type === 'tool_result')
}
