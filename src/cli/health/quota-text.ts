import { printable } from '../../core/printable.ts'
import { countText, unknownMark } from '../numbers.ts'
import { soonText } from '../times.ts'
import type { QuotaHealth } from './report.ts'

const barLength = 8

/**
 * `▇▇▇▇▇░░░ 62% of 5h, resets 14:20`: the limit that is nearest, and with `all` the others behind it. A limit that was
 * renewed since the backend's last answer comes last: what is used of it now, nobody knows.
 */
export function quotaText(quota: readonly QuotaHealth[], nowMs: number, all: boolean): string {
  const isPast = ({ resetsAtMs }: QuotaHealth) => resetsAtMs !== null && resetsAtMs <= nowMs
  const known = quota
    .filter(({ usedRatio, remaining }) => usedRatio !== null || remaining !== null)
    .toSorted((a, b) => Number(isPast(a)) - Number(isPast(b)) || (b.usedRatio ?? -1) - (a.usedRatio ?? -1))
  if (known.length === 0) return unknownMark
  const texts = known.map((one) => (isPast(one) ? `${used(one)} before it was renewed` : running(one, nowMs)))
  const nearest = known[0]
  const drawn = nearest?.usedRatio != null && !isPast(nearest) ? `${bar(nearest.usedRatio)} ` : ''
  return drawn + (all ? texts.join('; ') : texts[0])
}

function running(quota: QuotaHealth, nowMs: number): string {
  const { resetsAtMs } = quota
  return resetsAtMs === null ? used(quota) : `${used(quota)}, resets ${soonText(resetsAtMs, nowMs)}`
}

function used({ name, usedRatio, remaining }: QuotaHealth): string {
  const what = printable(name.replaceAll('_', ' '))
  return usedRatio === null ? `${countText(remaining ?? 0)} ${what} left` : `${percent(usedRatio)} of ${what}`
}

/** Rounded down: only what is used up is 100%. */
function percent(ratio: number): string {
  return `${Math.floor(Math.max(0, ratio) * 100 + 1e-9)}%`
}

function bar(ratio: number): string {
  const full = Math.round(Math.min(1, Math.max(0, ratio)) * barLength)
  return '▇'.repeat(full) + '░'.repeat(barLength - full)
}
