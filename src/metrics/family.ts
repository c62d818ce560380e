export type Labels<Name extends string = string> = Readonly<Record<Name, string>>

/** One line of a scrape. */
export interface Sample {
  /** Written once and kept; a line's own label stands beside them. */
  sharedLabels: Labels
  labels: Readonly<Record<string, string | number>>
  value: number
  /** Where it is not the family's: a histogram's lines have names of their own. */
  metricName?: string
}

/** A metric with all its series, as `exposition.ts` writes it. */
export interface Family {
  type: 'counter' | 'gauge' | 'histogram'
  name: string
  /** One sentence. */
  help: string
  labelNames: readonly string[]
  samples(): Sample[]
}

/** All of a proxy, in the order in which they are written. */
export type Families = Family[]

export const unlabelled: Labels = {}
