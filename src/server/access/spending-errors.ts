import { nanoUsdOf, usdOf } from '../../core/cost.ts'
import { ProxyError } from '../../core/errors.ts'
import type { Estimate } from '../../proxy/spending/spending.ts'

/** The owner of an access key with `usd_per_day`. */
export interface LimitedCaller {
  name: string
  usdPerDay: number
}

export function spendingLimit(
  { name, usdPerDay }: LimitedCaller,
  spentNanoUsd: number,
  estimate: Estimate,
  retryAfterMs: number,
): ProxyError {
  const left = Math.max(0, nanoUsdOf(usdPerDay) - spentNanoUsd)
  const now = left > 0 ? `; ${howToAskForLess(estimate)} to spend less now` : ''
  return new ProxyError(
    'spending_limit',
    `the access key of "${name}" may spend ${usdText(nanoUsdOf(usdPerDay))} a day: ${usdText(spentNanoUsd)} ` +
      `are spent or set aside for open calls, and this one could cost up to ${usdText(estimate.nanoUsd)}; ` +
      `the next day begins at midnight UTC${now}`,
    { retryAfterMs },
  )
}

/** Waiting is of no use for it: it fits into no day. */
export function callOverLimit(
  { name, usdPerDay }: LimitedCaller,
  estimate: Estimate,
  retryAfterMs: number,
): ProxyError {
  return new ProxyError(
    'call_over_limit',
    `this call alone could cost up to ${usdText(estimate.nanoUsd)}, and the access key of "${name}" may spend ` +
      `${usdText(nanoUsdOf(usdPerDay))} a day; no day has room for it: ${howToAskForLess(estimate)} or shorten the prompt`,
    { retryAfterMs },
  )
}

export function unreadLedger(name: string, retryAfterMs: number): ProxyError {
  return new ProxyError(
    'ledger_failed',
    `the access key of "${name}" has usd_per_day, and what it has spent today cannot be read from the usage ledger ` +
      'now; try again in a moment, and see the log of the proxy if it stays so',
    { retryAfterMs },
  )
}

function howToAskForLess({ assumedOutputTokens }: Estimate): string {
  return assumedOutputTokens === null
    ? 'lower max_tokens'
    : `send max_tokens (without it the answer counts as ${assumedOutputTokens} tokens)`
}

const money = new Intl.NumberFormat('en-US', {
  ...{ style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 6 },
})

function usdText(nanoUsd: number): string {
  return money.format(usdOf(nanoUsd))
}
