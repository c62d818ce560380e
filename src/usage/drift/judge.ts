import type { Compared, Side } from './comparison.ts'
import type { Estimate } from './estimate.ts'
import type { Estimates } from './window.ts'

export type Band = readonly [low: number, high: number]

/**
 * In these a model's ratio of reported to counted tokens may lie. Less than 1.3 and more than what recorded answers of
 * honest providers had (0.95 to 1.06 in texts of 200 tokens and more). A factor of the table is a mean over texts: an
 * honest model may be 15 % off it. The lower end is low because many honest providers read less than they are sent:
 * earlier thoughts, tools in a shorter form.
 */
export const bands: Readonly<Record<Compared['method'], Band>> = {
  tokenizer: [0.5, 1.15],
  approximate: [0.5, 1.2],
}

/** A slope is known when it is this sure, and can be measured against later when it is that sure. */
const knownWithin = 0.3
const settledWithin = 0.12
/** So much above its earlier self is neither chance nor another kind of text. */
const shift = 1.12
/** Inflated numbers grow evenly with the text. What strays more is something that only the provider sees. */
const evenSlopes = 0.8
const evenRatios = 0.4

export interface Verdict {
  place: 'above' | 'below' | 'within' | 'unsure'
  ratio: number
  band: Band
}

/** `earlier`: the most that the model's slope was before. */
export function upperEnd([, high]: Band, earlier: number | null): number {
  return earlier === null ? high : Math.min(high, earlier * shift)
}

/**
 * Whether these estimates lie in the band. Where each token more is reported rightly, a completion may hold something
 * that only the provider sees; of a prompt we know all that was sent, and more than any frame is not ours.
 */
export function judge(estimates: Estimates, side: Side, band: Band, earlier: number | null): Verdict | null {
  const { toLeast, toMost, slope } = estimates
  if (toLeast === null || toMost === null) return null
  const [low, high] = band
  if (toLeast.high < low) return { place: 'below', ratio: toLeast.mid, band }
  const even = side === 'completion' ? evenRatios : Number.POSITIVE_INFINITY
  const whole: Verdict = { place: placeOf(toMost, high, even), ratio: toMost.mid, band }
  if (slope === null || !isWithin(slope, knownWithin)) return whole
  const own = upperEnd(band, earlier)
  const place = placeOf(slope, own, evenSlopes)
  if (whole.place === 'above' && (side === 'prompt' || place !== 'within')) return whole
  return { place, ratio: slope.mid, band: [low, own] }
}

/** The most that the slope may be, where it is so sure that later ones can be measured against it. */
export function settledSlope({ slope }: Estimates): number | null {
  return slope !== null && isWithin(slope, settledWithin) ? slope.high : null
}

function placeOf({ low, mid, range }: Estimate, high: number, even: number): Verdict['place'] {
  if (mid <= high) return 'within'
  return low > high && range <= even * mid ? 'above' : 'unsure'
}

function isWithin({ low, mid, high }: Estimate, share: number): boolean {
  return mid > 0 && high - low <= share * mid
}
