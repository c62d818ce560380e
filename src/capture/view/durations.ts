/** Seconds between two times in nanoseconds. */
export function secondsBetween(fromNs: number, toNs: number): number {
  return (toNs - fromNs) / 1e9
}

/** As sentences say it: `0.35 s`, `12.4 s`, `385 s`. */
export function secondsText(seconds: number): string {
  return `${seconds < 1 ? seconds.toFixed(2) : seconds < 100 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
