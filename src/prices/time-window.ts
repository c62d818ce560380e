/** A part of each day, in seconds after midnight UTC. One that ends before it starts goes over midnight. */
export interface TimeWindow {
  fromSecond: number
  /** Not part of it. */
  toSecond: number
}

const daySeconds = 86_400
const timeForm = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/** `06:00:00Z`, `14:00:00+08:00`; null for anything else. */
export function readTimeOfDay(text: string): number | null {
  const parts = timeForm.exec(text)
  if (parts === null) return null
  const [hours, minutes, seconds] = parts.slice(1, 4).map(Number) as [number, number, number]
  const [offsetHours, offsetMinutes] = parts.slice(5).map((part) => Number(part ?? 0)) as [number, number]
  const offset = (offsetHours * 60 + offsetMinutes) * 60 * (parts[4] === '-' ? -1 : 1)
  return (hours * 3600 + minutes * 60 + seconds - offset + daySeconds) % daySeconds
}

export function readTimeWindow(times: { start_time: string; end_time: string }): TimeWindow {
  return {
    fromSecond: readTimeOfDay(times.start_time) ?? 0,
    toSecond: readTimeOfDay(times.end_time) ?? 0,
  }
}

export function isWithin({ fromSecond, toSecond }: TimeWindow, atMs: number): boolean {
  const second = (atMs / 1000) % daySeconds
  return toSecond < fromSecond
    ? second >= fromSecond || second < toSecond
    : second >= fromSecond && second < toSecond
}
