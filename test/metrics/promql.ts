import { parser } from '@prometheus-io/lezer-promql'

export interface Selector {
  metric: string
  /** Names of labels that it matches. */
  labels: string[]
}

/** What an expression asks for, by Prometheus' own grammar. Throws where it cannot be parsed. */
export function readExpression(written: string): { selectors: Selector[]; grouped: string[] } {
  // Grafana's variables stand for a duration.
  const text = written.replace(/\$__(?:rate_interval|range)/g, '5m')
  const selectors: Selector[] = []
  const grouped: string[] = []
  let inGrouping = false
  parser.parse(text).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`no PromQL at ${JSON.stringify(text.slice(from))} of ${written}`)
      if (name === 'GroupingLabels') inGrouping = true
      const word = text.slice(from, to)
      if (name === 'VectorSelector')
        selectors.push({ metric: /^[a-zA-Z_:][\w:]*/.exec(word)?.[0] ?? '', labels: [] })
      if (name !== 'LabelName') return
      if (inGrouping) grouped.push(word)
      else selectors.at(-1)?.labels.push(word)
    },
    leave({ name }) {
      if (name === 'GroupingLabels') inGrouping = false
    },
  })
  return { selectors, grouped }
}
