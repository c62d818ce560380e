/** A measure at a time. */
export interface Sample {
  atMs: number
  value: number
}

/** How fast a measure grows, and how well that is known. */
export interface Trend {
  perHour: number
  /** Half of the interval in which the growth is with 95 %. */
  plusMinus: number
}

const windows = 12
/** The 97.5th percentile of Student's distribution, for as many degrees of freedom as there are windows less two. */
const student = 2.228
const hourMs = 3_600_000

/**
 * The line through the last two thirds of the samples: through one value for each of twelve windows, as neighbouring
 * samples are like each other, and many of them would feign a certainty that there is not.
 */
export function trendOf(samples: readonly Sample[], measure: (window: readonly number[]) => number): Trend {
  const points = pointsOf(samples, measure)
  const meanX = mean(points.map(([x]) => x))
  const meanY = mean(points.map(([, y]) => y))
  const spread = sum(points.map(([x]) => (x - meanX) ** 2))
  const perHour = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread
  const rest = sum(points.map(([x, y]) => (y - meanY - perHour * (x - meanX)) ** 2))
  const error = Math.sqrt(rest / (points.length - 2) / spread)
  return { perHour, plusMinus: student * error }
}

function pointsOf(
  samples: readonly Sample[],
  measure: (window: readonly number[]) => number,
): [hours: number, value: number][] {
  const last = samples.slice(Math.floor(samples.length / 3))
  if (last.length < windows) throw new Error(`a trend needs ${windows * 1.5} samples, not ${samples.length}`)
  return Array.from({ length: windows }, (_, at) => {
    const edge = (index: number) => Math.floor((index * last.length) / windows)
    const window = last.slice(edge(at), edge(at + 1))
    return [mean(window.map(({ atMs }) => atMs)) / hourMs, measure(window.map(({ value }) => value))]
  })
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
