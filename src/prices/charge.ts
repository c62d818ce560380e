import type { CostKind, CostPart } from '../core/cost.ts'
import { dividedHalfUp } from './decimal.ts'
import { picoDigits, type RateCard, rateFor } from './rate-card.ts'
import type { TierFactor } from './service-tiers.ts'
import type { SplitTokens } from './split-tokens.ts'

/** Tokens times a rate is this many to a nano-dollar: a million for its unit, a thousand from pico to nano. */
const perNanoUsd = 1_000_000n * 1_000n

/**
 * Tokens × rates × the service tier's factor. The sum is exact, in whole numbers; it is rounded once, at the end,
 * to whole nano-dollars, half up. The parts' rates have the factor in them. Null: a kind has no rate or no
 * factor, or the sum is more than a number holds.
 */
export function charge(
  card: RateCard,
  { promptTokens, amounts }: SplitTokens,
  factor: TierFactor,
): { nanoUsd: number; parts: CostPart[] } | null {
  const denominator = BigInt(factor.denominator)
  const parts: CostPart[] = []
  let sum = 0n
  for (const [kind, tokens] of withRequest(card, amounts)) {
    const rate = card[kind]
    if (rate === undefined || factor.unpriced?.includes(kind)) return null
    const picoUsd = rateFor(rate, promptTokens) * BigInt(factor.numerator)
    sum += picoUsd * BigInt(tokens)
    parts.push({ kind, tokens, usdPerMillion: Number(picoUsd) / (factor.denominator * 10 ** picoDigits) })
  }
  const nanoUsd = Number(dividedHalfUp(sum, perNanoUsd * denominator))
  return Number.isSafeInteger(nanoUsd) ? { nanoUsd, parts } : null
}

function withRequest(card: RateCard, amounts: SplitTokens['amounts']): SplitTokens['amounts'] {
  const once: readonly [CostKind, number] = ['request', 1]
  return card.request === undefined ? amounts : [...amounts, once]
}
