import type { Families, Family, Labels, Sample } from './family.ts'

/** One series of a counter. */
export interface CountCell {
  value: number
}

/** A counter. Who counts holds its series, so that none must be looked for. */
export class CountFamily<Name extends string> implements Family {
  readonly type = 'counter'
  readonly linesEach = 1
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Name[]
  readonly #cells: { labels: Labels<Name>; cell: CountCell }[] = []

  constructor(families: Families, name: string, help: string, labelNames: readonly Name[]) {
    this.name = name
    this.help = help
    this.labelNames = labelNames
    families.push(this)
  }

  cell(labels: Labels<Name>): CountCell {
    const cell = { value: 0 }
    this.#cells.push({ labels, cell })
    return cell
  }

  samples(): Sample[] {
    return this.#cells.map(({ labels, cell }) => ({ sharedLabels: labels, labels: {}, value: cell.value }))
  }
}

/** A counter with one label, whose values are few. */
export class LabelCounts<Name extends string> {
  readonly #family: CountFamily<Name>
  readonly #name: Name
  readonly #cells = new Map<string, CountCell>()

  /** `from0`: what grows from nothing is no increase to Prometheus. */
  constructor(families: Families, name: string, help: string, label: Name, from0: readonly string[] = []) {
    this.#family = new CountFamily(families, name, help, [label])
    this.#name = label
    for (const value of from0) this.#cell(value)
  }

  add(value: string): void {
    this.#cell(value).value++
  }

  #cell(value: string): CountCell {
    const known = this.#cells.get(value)
    if (known) return known
    const labels = { [this.#name]: value } as Labels<Name>
    const cell = this.#family.cell(labels)
    this.#cells.set(value, cell)
    return cell
  }
}
