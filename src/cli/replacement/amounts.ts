import { countText, tokensText, unknownMark, usdText } from '../numbers.ts'

/** `19.4%`, `0.02%`: three digits, so that what is configured and what came of it can be compared. */
export function shareText(share: number): string {
  return `${rounded(share * 100)}%`
}

/** `4.2 a minute`: in the unit that gives a number to be read. */
export function rateText(perSecond: number): string {
  for (const [unit, seconds] of [
    ['a second', 1],
    ['a minute', 60],
    ['an hour', 3_600],
  ] as const) {
    if (perSecond * seconds >= 1) return `${rounded(perSecond * seconds)} ${unit}`
  }
  return `${rounded(perSecond * 86_400)} a day`
}

/** `7.67`; three digits. */
export function averageText(average: number): string {
  return average >= 1_000 ? countText(Math.round(average)) : String(rounded(average))
}

/** Tokens where there may be parts of one. */
export function averageTokensText(tokens: number): string {
  return tokens < 999.5 ? String(rounded(tokens)) : tokensText(tokens)
}

/** USD a request: where a cent is much, three digits of what is less. */
export function requestCostText(usd: number): string {
  if (usd === 0 || Math.abs(usd) >= 0.01) return usdText(usd)
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(Math.abs(usd))))
  // Four at least, as everywhere.
  return `$${usd.toFixed(decimals).replace(/(\.\d{4}\d*?)0+$/, '$1')}`
}

/** `+0.4 points`: a difference of two shares. */
export function pointsText(difference: number): string {
  return signedText(difference, (size) => `${rounded(size * 100)} points`)
}

/** A difference with its sign before all else: `-$0.0123`. */
export function signedText(difference: number, text: (size: number) => string): string {
  const sign = difference > 0 ? '+' : difference < 0 ? '-' : ''
  return sign + text(Math.abs(difference))
}

/** Any of the above, of what may be unknown. */
export function known(value: number | null, text: (value: number) => string): string {
  return value === null ? unknownMark : text(value)
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
