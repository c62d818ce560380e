import { type Cost, type PriceOf, paidCost } from '../core/cost.ts'
import type { Attempt, Exchange } from '../core/exchange.ts'
import type { ReportedUsage } from '../core/usage.ts'
import { isReported } from './output-count.ts'
import type { CountedExchange } from './ports.ts'

/** Four bytes of a request's JSON are about a token. */
const bytesPerToken = 4

/** What a bill is made of. */
export interface Billable {
  readonly exchange: Exchange
  /** Counted as it passed, or reported; null where the answer is not read. */
  readonly outputTokens: number | null
}

/** What an exchange used and cost, as far as it is known; null where it is not. */
export interface Bill {
  promptTokens: number | null
  completionTokens: number | null
  cachedTokens: number | null
  /** The provider reported all of them. */
  isReported: boolean
  nanoUsd: number | null
  /** The part of it that is the last attempt's. */
  lastNanoUsd: number | null
  /** What the prompt would have cost more without a cache. */
  savedNanoUsd: number | null
  /** It has tokens that would be billed, and no price. */
  isUnpriced: boolean
}

/** Of an exchange that has closed: reports, and where they lack our estimate of the output, never of the prompt. */
export function billOf(open: Billable, priceOf: PriceOf): Bill {
  const { exchange } = open
  const last = exchange.attempts.at(-1)
  // Nobody bills for a count.
  const isFree = exchange.callPurpose === 'count_tokens'
  const usage = last && !isFree ? billedUsage(open, last) : null
  const costs = isFree ? [] : costsOf(exchange, usage, priceOf)
  const known = costs.filter((cost) => cost !== null)
  const saved = costs.at(-1) ? savedBy(costs.at(-1) as Cost) : null
  const hasTokens = usage?.completionTokens !== undefined || usage?.promptTokens !== undefined
  return {
    promptTokens: usage?.promptTokens ?? null,
    completionTokens: usage?.completionTokens ?? null,
    cachedTokens: usage?.cachedTokens ?? null,
    isReported: last !== undefined && usage?.promptTokens !== undefined && isReported(last, exchange.stream),
    nanoUsd: known.length === 0 ? null : known.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
    lastNanoUsd: costs.at(-1)?.nanoUsd ?? null,
    savedNanoUsd: saved,
    isUnpriced: hasTokens && known.length === 0 && last?.billing !== 'subscription',
  }
}

/** The same with our own count of the tokens, and what those cost. */
export function recounted(bill: Bill, { promptTokens, completionTokens, nanoUsd }: CountedExchange): Bill {
  const others = (bill.nanoUsd ?? 0) - (bill.lastNanoUsd ?? 0)
  return {
    ...bill,
    promptTokens: promptTokens ?? bill.promptTokens,
    completionTokens: completionTokens ?? bill.completionTokens,
    nanoUsd: nanoUsd ?? bill.nanoUsd,
    lastNanoUsd: nanoUsd === null ? bill.lastNanoUsd : nanoUsd - others,
    isUnpriced: bill.isUnpriced && nanoUsd === null,
  }
}

/** So far, in nano-dollars, of an exchange in flight: what is not reported is estimated, the prompt too. */
export function costSoFar({ exchange, outputTokens }: Billable, priceOf: PriceOf): number | null {
  const last = exchange.attempts.at(-1)
  if (!last || outputTokens === null || exchange.callPurpose === 'count_tokens') return null
  const promptTokens = last.usage?.promptTokens ?? Math.round(exchange.requestBytes / bytesPerToken)
  const usage = { ...last.usage, promptTokens, completionTokens: outputTokens }
  return paidCost(last, usage, exchange.openedAtMs, priceOf)?.nanoUsd ?? null
}

function billedUsage({ exchange, outputTokens }: Billable, last: Attempt): ReportedUsage | null {
  if (isReported(last, exchange.stream)) return last.usage
  const hasBegun = last.firstContentNs !== null || last.stop !== null
  if (hasBegun && outputTokens !== null) return { ...last.usage, completionTokens: outputTokens }
  // The beginning of a report: of the answer it says nothing yet.
  const { promptTokens, cachedTokens, cacheWriteTokens, cacheWrite1hTokens } = last.usage ?? {}
  if (promptTokens === undefined) return null
  return {
    promptTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(cacheWrite1hTokens !== undefined && { cacheWrite1hTokens }),
  }
}

/** Of each attempt; without the prompt nothing is priced. */
function costsOf(exchange: Exchange, lastUsage: ReportedUsage | null, priceOf: PriceOf): (Cost | null)[] {
  const last = exchange.attempts.length - 1
  return exchange.attempts.map((attempt, at) => {
    const usage = at === last ? lastUsage : attempt.usage
    return usage?.promptTokens === undefined && usage?.costUsd === undefined
      ? null
      : paidCost(attempt, usage, exchange.openedAtMs, priceOf)
  })
}

/** As statistics reckon it: what was written to a cache costs more, and takes some of it back. */
function savedBy({ parts }: Cost): number | null {
  const input = parts.find(({ kind }) => kind === 'input')
  const cached = parts.filter(({ kind }) => kind.startsWith('cache_'))
  if (!input || cached.length === 0) return null
  const nanoUsd = cached.reduce(
    (sum, { tokens, usdPerMillion }) => sum + tokens * (input.usdPerMillion - usdPerMillion) * 1_000,
    0,
  )
  return Math.round(nanoUsd)
}
