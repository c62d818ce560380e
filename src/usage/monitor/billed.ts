import type { Cost } from '../../core/cost.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import type { UsageRecord } from '../record/record.ts'
import type { Counted } from './counted.ts'

/** What of an attempt is to be paid, and whose number it is. */
export interface Billed {
  /** As the provider told it; null where it told nothing. */
  report: ReportedUsage | null
  /** What the price is of; null where nothing is known, or nothing was processed. */
  usage: ReportedUsage | null
  source: 'provider' | 'count' | null
}

export interface AttemptCounts {
  ptb: Counted | null
  btp: Counted | null
}

/** Nobody bills for a count. */
const free = new Set<Exchange['callPurpose']>(['count_tokens'])

/**
 * The provider's report, else our own count of what it was sent and said. A report that the stream broke off after
 * has the prompt, and of the completion only what had been said by then, if that: the rest is ours to count.
 */
export function billedOf(exchange: Exchange, attempt: Attempt, counts: AttemptCounts | null): Billed {
  const report = attempt.usage
  const isWhole =
    report !== null && report.completionTokens !== undefined && report.promptTokens !== undefined
  if (free.has(exchange.callPurpose)) return { report, usage: null, source: null }
  if (isWhole && (attempt.stop !== null || !exchange.stream))
    return { report, usage: report, source: 'provider' }
  const beginning = report === null ? null : withoutCompletion(report)
  const { ptb, btp } = counts ?? { ptb: null, btp: null }
  const hasBegun = attempt.firstContentNs !== null || attempt.stop !== null
  if (!hasBegun || ptb === null || btp === null) {
    return { report: beginning, usage: beginning, source: beginning === null ? null : 'provider' }
  }
  const usage = { promptTokens: ptb.tokens, ...beginning, completionTokens: btp.tokens }
  return { report: beginning, usage, source: 'count' }
}

function withoutCompletion(report: ReportedUsage): ReportedUsage {
  const {
    completionTokens: _completion,
    totalTokens: _total,
    reasoningTokens: _reasoning,
    completionAudioTokens: _audio,
    ...prompt
  } = report
  return prompt
}

export function costBasis(billed: Billed, cost: Cost | null): UsageRecord['cost_basis'] {
  if (cost === null) return null
  if (cost.source === 'provider') return 'provider_cost'
  return billed.source === 'provider' ? 'provider_tokens' : 'own_count'
}
