import type { UsageRecord } from '../../../src/usage/record/record.ts'
import type { BookLine } from './books.ts'
import type { Amounts } from './plan.ts'
import { costOf, ratesOf } from './rates.ts'

const nothing: Amounts = {
  fresh: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  visible: 0,
  reasoning: 0,
}

interface Billed {
  nanoUsd: number | null
  tokens: 'provider' | 'count' | null
  source: 'provider' | 'config' | 'catalog' | null
}

/** Cost and its reasons, from the books and the rates; our own counts stand in only for what was not reported. */
export function moneyOf(lines: readonly BookLine[], counts: UsageRecord) {
  const billed = lines.map((line, index) => billedOf(line, index === lines.length - 1 ? counts : null))
  const known = billed.flatMap(({ nanoUsd }) => (nanoUsd === null ? [] : [nanoUsd]))
  const last = billed.at(-1)
  return {
    cost: known.length === 0 ? null : known.reduce((sum, nanoUsd) => sum + nanoUsd, 0) / 1e9,
    costs: billed.map(({ nanoUsd }) => (nanoUsd === null ? null : nanoUsd / 1e9)),
    basis: last ? basisOf(last) : null,
    source: last?.source ?? null,
    tokens: last?.tokens ?? null,
  }
}

function basisOf({ nanoUsd, tokens, source }: Billed): string | null {
  if (nanoUsd === null) return null
  if (source === 'provider') return 'provider_cost'
  return tokens === 'provider' ? 'provider_tokens' : 'own_count'
}

/** `counts`: of the last attempt, whose answer we have counted. */
function billedOf(line: BookLine, counts: UsageRecord | null): Billed {
  const { amounts, told } = line
  if (told === 'all' && amounts?.nanoUsd !== undefined)
    return { nanoUsd: amounts.nanoUsd, tokens: 'provider', source: 'provider' }
  const [used, tokens] = usedOf(line, told === 'nothing' ? null : amounts, counts)
  const rates = ratesOf(line)
  if (used === null || rates === null) return { nanoUsd: null, tokens, source: null }
  const nanoUsd = costOf(rates, used)
  // Half the price, and a nano-dollar's half is rounded up; the tier is known from what was told of the usage.
  const isHalf = line.flex && told !== 'nothing' && rates.source === 'catalog'
  return { nanoUsd: isHalf ? Math.ceil(nanoUsd / 2) : nanoUsd, tokens, source: rates.source }
}

function usedOf(
  { told, text, ending }: BookLine,
  amounts: Amounts | null,
  counts: UsageRecord | null,
): [Amounts | null, Billed['tokens']] {
  if (told === 'all') return [amounts, 'provider']
  const promptOnly = amounts && { ...amounts, visible: 0, reasoning: 0 }
  const hasBegun = text !== '' || ending === 'complete'
  if (!counts || !hasBegun) return [promptOnly, promptOnly && 'provider']
  const fresh = counts.mutated_prompt_tokens ?? Number.NaN
  const visible = counts.verbatim_completion_tokens ?? Number.NaN
  return [{ ...(promptOnly ?? { ...nothing, fresh }), visible }, 'count']
}
