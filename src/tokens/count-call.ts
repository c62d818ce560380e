import type { Call } from '../core/call.ts'
import { callContent } from './call-content.ts'
import { encodingOf } from './model-encodings.ts'
import type { TokenCounter } from './token-counter.ts'

/** An estimate of the tokens that a provider would count for a call; null when its texts could not be counted. */
export async function countCall(counter: Pick<TokenCounter, 'count'>, call: Call): Promise<number | null> {
  const { texts, fixedTokens } = callContent(call)
  const counts = await counter.count(texts)
  if (counts === null) return null
  const { factor } = encodingOf(call.model)
  return Math.round(counts.reduce((sum, tokens) => sum + tokens, fixedTokens) * factor)
}
