import type { CauseName, Evidence } from './cause.ts'

/** A cause in words: what was seen, and what it means or asks for. */
export function sentenceOf(cause: CauseName, evidence: Evidence): string {
  return sentences[cause](evidence)
}

const sentences: Readonly<Record<CauseName, (evidence: Evidence) => string>> = {
  time_zone: ({ offsets = [] }) =>
    `The invoice's days begin at another hour: read in ${zones(offsets)} they agree; ask again with --time-zone ${zoneName(offsets[0] ?? 0)}.`,
  over_midnight: ({ attempts }) =>
    `${times(attempts, 'attempt')} ran over midnight; the invoice has ${them(attempts)} on the other day.`,
  not_through_proxy: ({ attempts, isWhole }) =>
    isWhole
      ? `The ledger has nothing of it: somebody uses the provider's account without this proxy, or the ledger was off.`
      : `The invoice has ${times(attempts, 'call')} more than the ledger: somebody uses the provider's account without this proxy.`,
  not_on_invoice: ({ attempts, isWhole }) =>
    isWhole
      ? `The invoice has nothing of it: another account was charged, or the invoice ends earlier.`
      : `The invoice lacks ${times(attempts, 'call')} that the ledger has: another account was charged, or they were free.`,
  disconnects: ({ attempts, reasons }) =>
    `${times(attempts, 'answer')} ended early${list(reasons)}: the ledger counts what came, the provider may have gone on or charged less.`,
  retries: ({ attempts, reasons }) =>
    `${times(attempts, 'attempt')} failed without a report of usage${list(reasons)}; the provider seems to have charged ${them(attempts)}.`,
  crash: ({ attempts }) =>
    `${times(attempts, 'exchange')} ${attempts === 1 ? 'was' : 'were'} open when the proxy died: the ledger knows nothing of ${them(attempts)} but that.`,
  missing_reports: ({ attempts }) =>
    `The provider reported no usage for ${times(attempts, 'exchange')}: the ledger has our own count, which is an estimate.`,
  unpriced: ({ attempts }) =>
    `${times(attempts, 'exchange')} ${attempts === 1 ? 'has' : 'have'} no price in the ledger; add one under usage_tracking.prices.`,
  other_rates: (evidence) => otherRates(evidence),
  unknown: () =>
    'Nothing in the ledger explains it; perhaps somebody else uses the same account, or the file is of another one.',
}

function otherRates({ factors = [], tokensAgree = false, ownKeyNanoUsd = 0 }: Evidence): string {
  const least = factors.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = factors.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const ownKey =
    ownKeyNanoUsd > 0
      ? ' a part was paid with an own key (BYOK) at the provider.'
      : ' a discount, an own key (BYOK), or another price than the catalogue has.'
  if (factors.length === 0) return `The ledger's price is nothing and the invoice's is not:${ownKey}`
  const isSteady = most - least <= 0.02 * Math.abs(most)
  const days = isSteady && factors.length > 1 ? ` on all ${factors.length} days` : ''
  const factor = isSteady ? factorText((least + most) / 2) : `${factorText(least)} to ${factorText(most)}`
  return `${tokensAgree ? 'The tokens agree, the' : 'The'} money is ${factor} times ours${days}:${ownKey}`
}

function factorText(factor: number): string {
  return factor >= 0.1 ? factor.toFixed(2) : factor.toPrecision(2)
}

function times(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`
}

function them(count: number): string {
  return count === 1 ? 'it' : 'them'
}

/** ` (client_disconnect 3, timeout 1)` */
function list(reasons: ReadonlyMap<string, number> | undefined): string {
  if (!reasons || reasons.size === 0) return ''
  const sorted = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`)
  const more = sorted.length > 4 ? ', …' : ''
  return ` (${sorted.slice(0, 4).join(', ')}${more})`
}

function zones(offsets: readonly number[]): string {
  const texts = offsets.map((offset) => {
    const hours = String(Math.abs(offset)).padStart(2, '0')
    return offset === 0 ? 'UTC' : `UTC${offset < 0 ? '-' : '+'}${hours}:00`
  })
  return texts.length <= 4 ? texts.join(' or ') : `${texts[0]} (or ${texts.length - 1} zones beside)`
}

/** Zones of whole hours are named for what must be added to them to have UTC. */
function zoneName(offset: number): string {
  if (offset === 0) return 'UTC'
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
}
