import type { ChalkInstance } from 'chalk'
import { printable } from '../../core/printable.ts'
import { countText, durationText, unknownMark, usdText } from '../numbers.ts'
import { hanging } from '../section.ts'
import { type Column, renderTable } from '../table.ts'
import type { Tone } from '../tone.ts'
import { wrapped } from '../wrapped.ts'
import {
  averageText,
  averageTokensText,
  known,
  pointsText,
  requestCostText,
  shareText,
  signedText,
} from './amounts.ts'
import type { Comparison, MetricsReport, Outcomes } from './metrics-report.ts'
import { fittedNames } from './rule-names.ts'

export interface EffectivenessSettings {
  /** Of the ledger's requests, in words. */
  period: string
  width: number
  chalk: ChalkInstance
}

/** What replacing came to, rule by rule: parts of a page, each some lines. */
export function effectiveness(
  { effectiveness: comparisons, effectivenessReason: reason }: MetricsReport,
  settings: EffectivenessSettings,
): string[][] {
  const { period, width, chalk } = settings
  if (comparisons === null) {
    return [hanging('muted', printable(`effectiveness: ${reason ?? 'not known'}`), width, chalk)]
  }
  const [compared, empty] = [comparisons.filter(hasRequests), comparisons.filter((one) => !hasRequests(one))]
  const title = `Effectiveness, ${period}`
  if (compared.length === 0) {
    return [wrapped(`${title}: no requests of any rule, so nothing to compare`, width)]
  }
  return [
    [...wrapped(title, width).map((line) => chalk.bold(line)), ...wrapped(sidesText, width)],
    ...comparisonBlocks(compared, settings),
    empty.length === 0 ? [] : hanging('muted', emptyText(empty, width), width, chalk, '·'),
  ]
}

const sidesText = 'REPLACED: by the other model. ASKED FOR: of the same rule, its roll lost.'

function hasRequests({ replaced, baseline }: Comparison): boolean {
  return [replaced, baseline].some(({ requests }) => requests !== 0)
}

function emptyText(comparisons: readonly Comparison[], width: number): string {
  return `no requests of ${comparisons.map((one) => ruleText(one, width)).join('; ')}`
}

interface Measure {
  name: string
  text: (outcomes: Outcomes) => string
  differenceText: (difference: Outcomes) => string
}

const measure = (
  name: string,
  value: (outcomes: Outcomes) => number | null,
  text: (value: number) => string,
  differenceText = (difference: number) => signedText(difference, text),
): Measure => ({
  name,
  text: (outcomes) => known(value(outcomes), text),
  differenceText: (difference) => known(value(difference), differenceText),
})

const measures: readonly Measure[] = [
  {
    name: 'requests',
    text: ({ requests }) => known(requests, countText),
    differenceText: () => '',
  },
  measure('failed', ({ errorRate }) => errorRate, shareText, pointsText),
  measure('TTFT p50', ({ ttftP50Ms }) => ttftP50Ms, durationText),
  measure('time p50', ({ durationP50Ms }) => durationP50Ms, durationText),
  measure('tokens a request', ({ tokensPerRequest }) => tokensPerRequest, averageTokensText),
  measure('cost a request', ({ costPerRequestUsd }) => costPerRequestUsd, requestCostText),
  measure('tool calls a request', ({ toolCallRate }) => toolCallRate, averageText),
]

interface MeasureRow {
  measure: Measure
  of: Comparison
}

const columns: readonly Column<MeasureRow>[] = [
  { title: '', value: ({ measure: { name } }) => name },
  { title: 'REPLACED', align: 'right', value: ({ measure, of }) => measure.text(of.replaced) },
  { title: 'ASKED FOR', align: 'right', value: ({ measure, of }) => measure.text(of.baseline) },
  { title: 'DIFFERENCE', align: 'right', value: ({ measure, of }) => measure.differenceText(of.difference) },
]

/** One table for all, so that their columns stand below each other, cut into blocks. */
function comparisonBlocks(
  comparisons: readonly Comparison[],
  { width, chalk }: EffectivenessSettings,
): string[][] {
  const rows = comparisons.flatMap((of) => measures.map((measure) => ({ measure, of })))
  const [titles = '', ...lines] = renderTable(rows, columns, width - 2).split('\n')
  return comparisons.map((one, index) => [
    ...hanging(dataTone(one), ruleText(one, width), width, chalk).map((line) => chalk.bold(line)),
    ...[titles, ...lines.slice(index * measures.length, (index + 1) * measures.length)].map(
      (line) => `  ${line}`,
    ),
    ...verdictTexts(one).flatMap((text) => wrapped(text, width - 2).map((line) => `  ${line}`)),
  ])
}

function dataTone({ hasEnoughData }: Comparison): Tone {
  if (hasEnoughData === null) return 'muted'
  return hasEnoughData ? 'good' : 'warn'
}

function verdictTexts({ costSavedUsd, hasEnoughData, interval }: Comparison): string[] {
  const cost = [savedText(costSavedUsd), ...(interval === null ? [] : [intervalText(interval)])].join('; ')
  if (hasEnoughData === null) return [cost]
  return hasEnoughData
    ? [cost]
    : [cost, 'too little data: fewer than 30 sessions on one side, so all this may be chance']
}

function savedText(usd: number | null): string {
  if (usd === null) return `cost saved: ${unknownMark}`
  return usd < 0 ? `cost ${usdText(-usd)} more in all` : `saved ${usdText(usd)} in all`
}

function intervalText([low, high]: readonly [number, number]): string {
  const text = (usd: number) => signedText(usd, requestCostText)
  const isOpen = low <= 0 && high >= 0
  return `95%: ${text(low)} to ${text(high)} a request${isOpen ? ', so it may make no difference' : ''}`
}

function ruleText(rule: Comparison, width: number): string {
  const { from, to } = fittedNames([rule], width - besideNames)(rule)
  return `${from} → ${to}`
}

/** The sign before it, and the arrow. */
const besideNames = 5
