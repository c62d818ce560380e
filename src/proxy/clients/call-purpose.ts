import type { CallPurpose } from '../../core/exchange.ts'
import { isObject, type Json } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'

/** What kind of route a request came in by; `other` is passed on untouched. */
export type RouteKind = 'generate' | 'count_tokens' | 'embedding' | 'other'

/**
 * How the small requests begin by which agents name a conversation: in a text of the system prompt or of
 * the only question.
 */
const titleRequests: readonly { client: string; begins: string }[] = [
  { client: 'opencode', begins: 'You are a title generator. You output ONLY a thread title' },
  { client: 'opencode', begins: 'Generate a title for this conversation:' },
  { client: 'claude-code', begins: 'Analyze if this message indicates a new conversation topic' },
  { client: 'claude-code', begins: 'Generate a concise, sentence-case title' },
  { client: 'claude-code', begins: 'Please write a 5-10 word title for the following conversation' },
]

/** A title request is a system prompt and a question in one or two pieces, without tools. */
const titleItemsAtMost = 4
const textsLookedAt = 16

/** `call_purpose` of a request; `facts` null where the body is not read. */
export function recognisePurpose(
  route: RouteKind,
  facts: Pick<RequestFacts, 'conversation' | 'toolNames'> | null,
): CallPurpose {
  if (route !== 'generate') return route
  return facts !== null && asksForTitle(facts) ? 'title' : 'chat'
}

function asksForTitle({
  conversation,
  toolNames,
}: Pick<RequestFacts, 'conversation' | 'toolNames'>): boolean {
  if (toolNames.length > 0 || conversation.length > titleItemsAtMost) return false
  if (conversation.some(({ answer }) => answer)) return false
  const texts: string[] = []
  for (const { item } of conversation) collectTexts(item, texts, 6)
  return texts.some((text) => titleRequests.some(({ begins }) => text.startsWith(begins)))
}

/** The texts of a message of any protocol, in order: bounded, for the item may be anything. */
function collectTexts(item: Json | undefined, into: string[], depth: number): void {
  if (into.length >= textsLookedAt || depth === 0) return
  if (typeof item === 'string') into.push(item)
  else if (Array.isArray(item)) for (const part of item.slice(0, 8)) collectTexts(part, into, depth - 1)
  else if (isObject(item)) {
    for (const key of ['content', 'parts', 'text'] as const) collectTexts(item[key], into, depth - 1)
  }
}
