import type { Effort, ReasoningWish } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { budgetOf, effortOf, nearestEffort } from '../../translation/effort.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

/** `thinkingLevel` knows no other words. */
const levels: readonly Effort[] = ['minimal', 'low', 'medium', 'high']

/** `thinkingConfig`: in tokens up to 2.5, by level from 3 on. */
export function encodeThinking(encoding: GeminiEncoding): { thinkingConfig?: JsonObject } {
  const { call, family, lost } = encoding
  const { reasoning } = call
  if (reasoning === null) return {}
  const isOff = reasoning.effort === 'none' || reasoning.budgetTokens === 0
  if (family.reasoning === 'none') {
    if (!isOff) lost.lose('reasoning')
    return {}
  }
  const includeThoughts = reasoning.visible !== false && !isOff
  const amount =
    family.reasoning === 'budget' ? budget(reasoning, isOff, encoding) : level(reasoning, isOff, encoding)
  return { thinkingConfig: { includeThoughts, ...amount } }
}

/** -1 leaves it to the model. */
function budget(
  { effort, budgetTokens, adaptive }: ReasoningWish,
  isOff: boolean,
  { traits, lost }: GeminiEncoding,
): JsonObject {
  const { least, smallest, most } = traits.budget
  if (isOff) {
    if (least > 0) lost.lose('reasoning')
    return { thinkingBudget: least }
  }
  if (adaptive) return { thinkingBudget: -1 }
  const tokens = budgetTokens ?? (effort === null ? null : budgetOf(effort))
  return tokens === null ? {} : { thinkingBudget: Math.min(most, Math.max(smallest, tokens)) }
}

/** Without a level the model decides. These models cannot stop thinking, but at the lowest level they hardly do. */
function level(
  { effort, budgetTokens }: ReasoningWish,
  isOff: boolean,
  { family, lost }: GeminiEncoding,
): JsonObject {
  if (isOff) lost.lose('reasoning')
  const wanted = isOff ? 'none' : (effort ?? (budgetTokens === null ? null : effortOf(budgetTokens)))
  if (wanted === null) return {}
  const known = levels.filter((name) => family.efforts.includes(name))
  return { thinkingLevel: nearestEffort(wanted, known).toUpperCase() }
}
