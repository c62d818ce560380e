import type { Call } from '../core/call.ts'
import { callContent } from './call-content.ts'
import type { TokenCounter } from './token-counter.ts'

/** An estimate of the tokens that a provider would count for a call; null when its texts could not be counted. */
export async function countCall(counter: TokenCounter, call: Call): Promise<number | null> {
  const { texts, fixedTokens } = callContent(call)
  const counts = await counter.count(texts)
  return counts === null ? null : counts.reduce((sum, tokens) => sum + tokens, fixedTokens)
}
