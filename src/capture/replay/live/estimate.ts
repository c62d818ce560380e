import type { Call } from '../../../core/call.ts'
import { usdOf } from '../../../core/cost.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { familyOf } from '../../../protocols/translation/model-families.ts'
import type { ModelCosts } from '../ports.ts'

/** Whom a request asks, as prices know it. */
export interface PricedTarget {
  backend: string
  backendType: string
  model: string | null
}

export interface Estimate {
  promptTokens: number
  /** The most that the answer can have. */
  maxOutputTokens: number
  /** Where the answer is as long as the recorded one; null: there is no price. */
  lowUsd: number | null
  /** Where it is as long as it may be. */
  highUsd: number | null
}

/** Of models whose own limit is not known; smaller figures are no limits of theirs. */
const assumedOutputTokens = 32_768
const leastKnownLimit = 16_384

export function estimateOf(
  call: Call,
  { backend, backendType, model }: PricedTarget,
  recordedOutputTokens: number | null,
  costs: ModelCosts,
  atMs: number,
): Estimate {
  const promptTokens = costs.countPrompt(model === null ? call : { ...call, model })
  const maxOutputTokens = (call.maxOutputTokens ?? usualLimit(model ?? call.model)) * (call.choices ?? 1)
  const usdFor = (usage: ReportedUsage) => {
    const question = { backend, backendType, model: model ?? call.model, usage, atMs }
    const cost = costs.priceOf(question)
    return cost === null ? null : usdOf(cost.nanoUsd)
  }
  const tier = call.serviceTier === null ? {} : { serviceTier: call.serviceTier }
  const asked = { promptTokens, completionTokens: maxOutputTokens, ...tier }
  const plain = usdFor(asked)
  // Not every price has a rate for what is written to a cache, and then nothing is.
  const written = usdFor({ ...asked, cacheWriteTokens: promptTokens }) ?? 0
  const completionTokens = Math.min(recordedOutputTokens ?? 0, maxOutputTokens)
  return {
    ...{ promptTokens, maxOutputTokens },
    lowUsd: usdFor({ promptTokens, completionTokens, ...tier }),
    highUsd: plain === null ? null : Math.max(plain, written),
  }
}

function usualLimit(model: string): number {
  const known = familyOf(model).maxOutputTokens
  return known >= leastKnownLimit ? known : assumedOutputTokens
}
