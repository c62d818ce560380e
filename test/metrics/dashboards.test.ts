import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { asAdmin, ask, mixedExchanges, settled, startMeasured } from '../server/measured.ts'
import { type Scrape, scrapeOf } from '../support/scrape.ts'
import { readExpression } from './promql.ts'

interface Dashboard {
  panels: { id: number; title: string; type: string; targets?: { expr: string; legendFormat: string }[] }[]
  templating: { list: { name: string; definition?: string }[] }
}
interface Alerts {
  groups: {
    rules: {
      alert: string
      expr: string
      labels: { severity: string }
      annotations: Record<string, string>
    }[]
  }[]
}

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const dashboard = JSON.parse(read('grafana.json')) as Dashboard
const rules = (parse(read('alerts.yaml')) as Alerts).groups.flatMap((group) => group.rules)
const shown = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
)
const expressions = [
  ...shown.map(({ title, expr }) => [title, expr] as const),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
]

/** Prometheus adds them to what it scrapes. */
const ofPrometheus = ['instance', 'job']

let measured: Awaited<ReturnType<typeof startMeasured>>
let seen: Scrape

function labelsOf(metric: string): string[] {
  if (metric === 'up') return ofPrometheus
  return [...ofPrometheus, ...seen.samples(metric).flatMap(({ labels }) => Object.keys(labels))]
}

/** A proxy that has seen what every metric tells of: checks, limits, a plan, a replacement, and what was turned away. */
beforeAll(async () => {
  measured = await startMeasured({
    checks: true,
    config: {
      health_check: { ping: { enabled: false } },
      replacement: {
        ...{ enabled: true, probability: 0.5 },
        replacement_rules: [{ from_pattern: 'r', to_backend: 'openai.b', to_model: 'm' }],
      },
    },
  })
  // No probe takes an answer that is meant for an exchange.
  await fetch(`${measured.proxy.url}/internal/health/check`, { method: 'POST', headers: asAdmin })
  const asked = await mixedExchanges(measured)
  await ask(measured.proxy, { model: 'r' })
  await fetch(`${measured.proxy.url}/metrics`)
  await settled(measured.proxy, asked + 1)
  seen = await vi.waitFor(
    async () => {
      const now = await scrapeOf(measured.proxy.url, asAdmin)
      expect(now.value('llmproxy_overhead_seconds_count')).toBeGreaterThan(5)
      expect(now.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
      return now
    },
    { timeout: 9_000 },
  )
})
afterAll(() => measured.stop())

describe('docs/grafana.json and docs/alerts.yaml', () => {
  it.each(expressions)('ask only for metrics and labels that a scrape has: %s', (_name, expression) => {
    const { selectors, grouped } = readExpression(expression)
    expect(selectors.length).toBeGreaterThan(0)
    for (const { metric, labels } of selectors) {
      if (metric !== 'up') expect(seen.names).toContain(metric)
      for (const label of labels) expect(labelsOf(metric)).toContain(label)
    }
    const known = selectors.flatMap(({ metric }) => labelsOf(metric))
    for (const label of grouped) expect(known).toContain(label)
  })

  it.each(shown)(
    'name only labels that are left in a legend: $title $legendFormat',
    ({ expr, legendFormat }) => {
      const { selectors, grouped } = readExpression(expr)
      const isSummed = /\b(?:sum|min|max|count)\b/.test(expr)
      const left = isSummed ? grouped : selectors.flatMap(({ metric }) => labelsOf(metric))
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(left).toContain(label)
    },
  )

  it('fill the variables from metrics that are there', () => {
    const asked = dashboard.templating.list.flatMap(({ definition }) => definition ?? [])
    expect(asked.length).toBeGreaterThan(0)
    for (const definition of asked) {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? []
      expect(labelsOf(metric)).toContain(label)
    }
  })

  it('leave no metric of the proxy without a panel or an alert', () => {
    const used = new Set(
      expressions.flatMap(([, text]) => readExpression(text).selectors.map(({ metric }) => metric)),
    )
    const base = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '')
    const bases = new Set([...used].map(base))
    const unused = [...seen.families.keys()].filter(
      (name) => name.startsWith('llmproxy_') && !bases.has(base(name)) && !notDrawn.has(name),
    )
    expect(unused).toEqual([])
  })

  it('give each panel a number of its own, and each alert words that say what to do', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Llmproxy[A-Z]/)
      expect(['critical', 'warning', 'info']).toContain(labels.severity)
      expect(Object.keys(annotations)).toEqual(['summary', 'description'])
    }
  })

  it('do not take an expression that is none', () => {
    expect(() => readExpression('sum(rate(x[5m])')).toThrow(/no PromQL/)
    expect(readExpression('sum by (a) (rate(x_total{b="c"}[$__range]))')).toEqual({
      selectors: [{ metric: 'x_total', labels: ['b'] }],
      grouped: ['a'],
    })
  })
})

/** For whoever asks, not for a picture: per user there is cost and requests, and a version is a variable. */
const notDrawn = new Set([
  'llmproxy_build_info',
  'llmproxy_user_prompt_tokens_total',
  'llmproxy_user_completion_tokens_total',
])
