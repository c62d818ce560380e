import type { ChalkInstance } from 'chalk'
import { printable } from '../../core/printable.ts'
import { countText } from '../numbers.ts'
import { type Column, renderTable } from '../table.ts'
import { known } from './amounts.ts'
import type { MetricsReport } from './metrics-report.ts'
import { fittedNames, type NamePair } from './rule-names.ts'

interface RuleRow extends NamePair {
  /** Its place in the order in which rules are asked; null: it is no longer configured. */
  place: number | null
  activations: number | null
}

interface TablesSettings {
  width: number
  chalk: ChalkInstance
}

/** What stands beside the names: the place, the number, and the space between columns. */
const besideNames = { rule: 22, target: 13 }

/** The rules in their order with what they did, and the targets where those say something else. */
export function ruleTables(report: MetricsReport, { width, chalk }: TablesSettings): string[][] {
  const rows = ruleRows(report)
  const names = fittedNames(rows, width - besideNames.rule)
  const fitted = rows.map((row) => ({ ...row, ...names(row) }))
  return [
    table(fitted, ruleColumns, { width, chalk }),
    table(targetRows(report, rows), targetColumns(width - besideNames.target), { width, chalk }),
  ]
}

function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, chalk }: TablesSettings,
): string[] {
  if (rows.length === 0) return []
  const [titles = '', ...lines] = renderTable(rows, columns, width).split('\n')
  return [chalk.bold(titles), ...lines]
}

const ruleColumns: readonly Column<RuleRow>[] = [
  { title: '#', align: 'right', value: ({ place }) => (place === null ? '' : countText(place)) },
  { title: 'FROM', value: ({ from }) => from },
  { title: 'TO', value: ({ to }) => to },
  { title: 'ACTIVATIONS', align: 'right', value: ({ activations }) => known(activations, countText) },
]

function ruleRows({ rules, activations }: MetricsReport): RuleRow[] {
  const byRule = activations?.byRule ?? null
  const rows = (rules ?? []).map(({ from, to }, index) => ({
    ...{ place: index + 1, from, to },
    activations: byRule && (byRule.get(`${from}=${to}`) ?? 0),
  }))
  const configured = new Set(rows.map(({ from, to }) => `${from}=${to}`))
  const others = [...(byRule ?? [])]
    .filter(([rule]) => !configured.has(rule))
    .map(([rule, count]) => ({ place: null, ...partsOf(rule), activations: count }))
  return [...rows, ...others]
}

/** As the flag of `serve` is read. `(other)` stands for rules beyond those that are counted. */
function partsOf(rule: string): NamePair {
  const at = rule.indexOf('=')
  return at < 0 ? { from: rule, to: '' } : { from: rule.slice(0, at), to: rule.slice(at + 1) }
}

type TargetRow = [target: string, activations: number]

function targetColumns(nameWidth: number): Column<TargetRow>[] {
  return [
    { title: 'TARGET', value: ([target]) => printable(target, nameWidth) },
    { title: 'ACTIVATIONS', align: 'right', value: ([, activations]) => countText(activations) },
  ]
}

/** The most used first; none where each has but one rule, whose line says the same. */
function targetRows({ activations }: MetricsReport, rules: readonly RuleRow[]): TargetRow[] {
  const targets = [...(activations?.byTarget ?? [])].sort(([, a], [, b]) => b - a)
  const isNew = targets.some(
    ([target, count]) => !rules.some((rule) => rule.to === target && rule.activations === count),
  )
  return isNew ? targets : []
}
