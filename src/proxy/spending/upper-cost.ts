import type { PriceOf } from '../../core/cost.ts'
import type { Target } from '../../core/target.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { familyOf } from '../../protocols/translation/model-families.ts'
import type { RequestSize } from '../body/request-size.ts'

/** Of models whose own limit is not known. */
const assumedOutputTokens = 32_768
/** The families that nobody has written down have a smaller figure there, which is no limit of theirs. */
const leastKnownLimit = 16_384
/** OpenAI's Responses take no lower limit. */
const leastOutputTokens = 16
/** Beyond it prices would be more than a number holds. */
const mostTokens = 1e10

/** How long one answer of this model may get, where the request does not say. */
export function outputTokensOf(model: string): number {
  const known = familyOf(model).maxOutputTokens
  return known >= leastKnownLimit ? known : assumedOutputTokens
}

/**
 * The most that a request of this size can cost at a target, in nano-dollars: all of the prompt at the dearest of what
 * it may be (input, written to a cache), every answer as long as it may get. Null: there is no price.
 */
export function upperCost(size: RequestSize, target: Target, atMs: number, priceOf: PriceOf): number | null {
  const { backend, model } = target
  if (model === null) return null
  const answer = Math.max(size.maxOutputTokens ?? outputTokensOf(model), leastOutputTokens)
  const completionTokens = Math.min(mostTokens, answer * size.choices)
  const promptTokens = Math.min(mostTokens, size.promptTokens)
  const text: ReportedUsage = { promptTokens, completionTokens }
  const withSound: ReportedUsage = {
    ...text,
    promptAudioTokens: size.audioTokens,
    completionAudioTokens: size.speaks ? completionTokens : 0,
  }
  const costOf = (usage: ReportedUsage) =>
    priceOf({ backend: backend.name, backendType: backend.type, model, usage, atMs })?.nanoUsd ?? null
  const plain = costOf(withSound) === null ? text : withSound
  const needed = [plain, ...(size.serviceTier === null ? [] : [{ ...plain, serviceTier: size.serviceTier }])]
  const written = { ...plain, cacheWriteTokens: promptTokens }
  // Not every price has a rate for them, and then nothing is written.
  const possible = [
    written,
    ...(size.cachesForAnHour ? [{ ...written, cacheWrite1hTokens: promptTokens }] : []),
  ]
  const costs = needed.map(costOf)
  return costs.includes(null)
    ? null
    : Math.max(...[...costs, ...possible.map(costOf)].map((cost) => cost ?? 0))
}
