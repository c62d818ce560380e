import { type Families, type Family, type Labels, type Sample, unlabelled } from './family.ts'

/** A gauge, or a counter that is kept elsewhere: what it stood at is read at a scrape. */
export class ReadingFamily<Name extends string = never> implements Family {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Name[]
  #samples: Sample[] = []

  /** A name that ends in `_total` is a counter's. */
  constructor(families: Families, name: string, help: string, labelNames: readonly Name[] = []) {
    this.type = name.endsWith('_total') ? 'counter' : 'gauge'
    this.name = name
    this.help = help
    this.labelNames = labelNames
    families.push(this)
  }

  clear(): void {
    this.#samples = []
  }

  add(labels: Labels<Name>, value: number): void {
    this.#samples.push({ sharedLabels: labels, labels: {}, value })
  }

  /** Of one that has no labels. Null: it is not known, and not there. */
  set(value: number | null): void {
    this.#samples = value === null ? [] : [{ sharedLabels: unlabelled, labels: {}, value }]
  }

  samples(): Sample[] {
    return this.#samples
  }
}
