import type { Families, Family, Labels, Sample } from './family.ts'

/** One series of a histogram. */
export class SecondsCell {
  readonly #bounds: readonly number[]
  /** Beside each bound how many were at most that, and more than the bound before; the last has no bound. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.counts = new Array(bounds.length + 1).fill(0)
  }

  add(seconds: number): void {
    const found = this.#bounds.findIndex((bound) => seconds <= bound)
    const at = found < 0 ? this.#bounds.length : found
    this.counts[at] = (this.counts[at] ?? 0) + 1
    this.sum += seconds
  }
}

/** A histogram of seconds. Who measures holds its series. */
export class SecondsFamily<Name extends string> implements Family {
  readonly type = 'histogram'
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Name[]
  /** Its buckets, the one without a bound, sum and count. */
  readonly linesEach: number
  readonly #bounds: readonly number[]
  readonly #bucketLabels: readonly { le: number | string }[]
  readonly #cells: { labels: Labels<Name>; cell: SecondsCell }[] = []

  constructor(
    families: Families,
    about: Pick<Family, 'name' | 'help'>,
    bounds: readonly number[],
    labelNames: readonly Name[],
  ) {
    this.name = about.name
    this.help = about.help
    this.labelNames = labelNames
    this.linesEach = bounds.length + 3
    this.#bounds = bounds
    this.#bucketLabels = [...bounds.map((le) => ({ le })), { le: '+Inf' }]
    families.push(this)
  }

  cell(labels: Labels<Name>): SecondsCell {
    const cell = new SecondsCell(this.#bounds)
    this.#cells.push({ labels, cell })
    return cell
  }

  samples(): Sample[] {
    return this.#cells.flatMap((series) => this.#linesOf(series))
  }

  #linesOf({ labels: sharedLabels, cell }: { labels: Labels<Name>; cell: SecondsCell }): Sample[] {
    let count = 0
    const lines: Sample[] = this.#bucketLabels.map((labels, at) => {
      count += cell.counts[at] ?? 0
      return { labels, sharedLabels, value: count, metricName: `${this.name}_bucket` }
    })
    lines.push({ labels: {}, sharedLabels, value: cell.sum, metricName: `${this.name}_sum` })
    lines.push({ labels: {}, sharedLabels, value: count, metricName: `${this.name}_count` })
    return lines
  }
}
