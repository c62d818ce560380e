import type { Effort, ReasoningWish } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { effortOf, nearestEffort } from '../../translation/effort.ts'
import type { ChatEncoding } from './chat-encoding.ts'
import type { ChatDialect } from './dialects.ts'

type Wanted = Effort | null
type WishEncoder = (wish: ReasoningWish, wanted: Wanted, efforts: readonly Effort[]) => JsonObject

const openRouterEfforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']
const deepSeekEfforts: readonly Effort[] = ['low', 'high', 'max']

const encoders: Readonly<Record<Exclude<ChatDialect['reasoning'], 'none'>, WishEncoder>> = {
  effort: (_wish, wanted, efforts) =>
    wanted === null ? {} : { reasoning_effort: nearestEffort(wanted, efforts) },
  object: ({ effort, budgetTokens, visible }, wanted) => {
    const depth =
      effort === null && budgetTokens
        ? { max_tokens: budgetTokens }
        : wanted === null
          ? { enabled: true }
          : { effort: nearestEffort(wanted, openRouterEfforts) }
    return { reasoning: { ...depth, ...(visible === false && { exclude: true }) } }
  },
  switch: (_wish, wanted) => ({
    thinking: { type: wanted === 'none' ? 'disabled' : 'enabled' },
    ...(wanted !== null && wanted !== 'none' && { reasoning_effort: nearestEffort(wanted, deepSeekEfforts) }),
  }),
}

export function encodeReasoning({ call, dialect, family, lost }: ChatEncoding): JsonObject {
  const { reasoning } = call
  if (reasoning === null) return {}
  const { effort, budgetTokens } = reasoning
  const wanted = effort ?? (budgetTokens === null ? null : effortOf(budgetTokens))
  if (family.reasoning === 'none' || dialect.reasoning === 'none') {
    if (wanted !== 'none') lost.lose('reasoning')
    return {}
  }
  return encoders[dialect.reasoning](reasoning, wanted, family.efforts)
}
