// Without Intl, which takes 17 ms to load its time zones: a tenth of what a start may take.

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayMs = 86_400_000

/** `8 s`, `4m10s`, `3h12m`, `5d04h`; what lies ahead of a clock that differs is `0 s`. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h${two((seconds % 3_600) / 60)}m`
  return `${Math.floor(seconds / 86_400)}d${two((seconds % 86_400) / 3_600)}h`
}

/** `14:20:05`, here. */
export function clockText(ms: number): string {
  return `${minuteText(ms)}:${two(new Date(ms).getSeconds())}`
}

/** When something will be, here: `in 12 s`, `14:20`, `Mon 14:20`, `Nov 30`. */
export function soonText(ms: number, nowMs: number): string {
  const aheadMs = ms - nowMs
  if (aheadMs < 60_000) return `in ${spanText(aheadMs)}`
  if (aheadMs < dayMs) return minuteText(ms)
  const date = new Date(ms)
  if (aheadMs < 7 * dayMs) return `${weekdays[date.getDay()]} ${minuteText(ms)}`
  return `${months[date.getMonth()]} ${date.getDate()}`
}

function minuteText(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}
