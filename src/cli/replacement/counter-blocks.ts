import type { ChalkInstance } from 'chalk'
import { countText, unknownMark } from '../numbers.ts'
import { wrapped } from '../wrapped.ts'
import { averageText, known, rateText, shareText } from './amounts.ts'
import type {
  ActivationCounts,
  Happened,
  MetricsReport,
  OptOutCounts,
  RollCounts,
  TurnCounts,
} from './metrics-report.ts'

const labelWidth = 13

/** A block each for activations, turns, opt-outs and rolls: a label, and beside it what was counted. */
export function counterBlocks(
  { activations, turns, optOuts, rolls, probability }: MetricsReport,
  { width, chalk }: { width: number; chalk: ChalkInstance },
): string[] {
  const blocks: [string, string[]][] = [
    ['Activations', activationTexts(activations)],
    ['Turns', turnTexts(turns)],
    ['Opt-outs', optOutTexts(optOuts)],
    ['Rolls', rollTexts(rolls, probability)],
  ]
  return blocks.flatMap(([label, texts]) =>
    texts
      .flatMap((text) => wrapped(text, width - labelWidth))
      .map(
        (line, index) =>
          `${index === 0 ? chalk.bold(label.padEnd(labelWidth)) : ' '.repeat(labelWidth)}${line}`,
      ),
  )
}

function activationTexts(of: ActivationCounts | null): string[] {
  return textsOf(of, 'none so far', (counts) => [
    [totalText(counts), ...recentTexts(counts)],
    [counts.ratio !== null && `${shareText(counts.ratio)} of the rolls`],
  ])
}

function turnTexts(of: TurnCounts | null): string[] {
  return textsOf(of, 'none answered by another model so far', (counts) => [
    [
      `${totalText(counts)} answered by another model`,
      counts.average !== null && `${averageText(counts.average)} a window`,
    ],
    windowTexts(counts),
    beforeTexts(counts.beforeActivation),
  ])
}

const mostLengths = 4

/** `windows of 3 turns: 125, of 2 turns: 4`: the longest first. */
function windowTexts({ windowsByTurns }: TurnCounts): string[] {
  const lengths = [...(windowsByTurns ?? [])]
    .map(([turns, windows]) => ({ turns: Number(turns), windows }))
    .filter(({ turns }) => Number.isInteger(turns))
    .sort((a, b) => b.turns - a.turns)
  const shown = lengths.slice(0, mostLengths)
  const others = lengths.slice(mostLengths).reduce((sum, { windows }) => sum + windows, 0)
  return [
    ...shown.map(({ turns, windows }, index) => {
      const length = turns === 1 ? '1 turn' : `${countText(turns)} turns`
      return `${index === 0 ? 'windows of' : 'of'} ${length}: ${countText(windows)}`
    }),
    ...(others > 0 ? [`of fewer: ${countText(others)}`] : []),
  ]
}

function beforeTexts({ min, max, avg, p50, p95 }: TurnCounts['beforeActivation']): (string | false)[] {
  if (min === null || max === null) return []
  if (min === max) return [`requests before a window: ${countText(min)}`]
  return [
    `requests before a window: ${countText(min)} to ${countText(max)}`,
    avg !== null && `${averageText(avg)} on average`,
    p50 !== null && `half within ${countText(p50)}`,
    p95 !== null && `95% within ${countText(p95)}`,
  ]
}

function optOutTexts(of: OptOutCounts | null): string[] {
  return textsOf(of, 'none so far', (counts) => [
    [
      totalText(counts),
      `${known(counts.byHeader, countText)} by header`,
      `${known(counts.bySession, countText)} by session`,
    ],
    [...recentTexts(counts), counts.ratio !== null && `${shareText(counts.ratio)} of the requests`],
  ])
}

function rollTexts(of: RollCounts | null, probability: number | null): string[] {
  return textsOf(of, 'none so far', (counts) => [
    [
      totalText(counts),
      `${known(counts.observed, shareText)} won`,
      `${known(probability, shareText)} configured`,
    ],
  ])
}

/** A line for each part that has anything to say. */
function textsOf<Counts extends Happened>(
  of: Counts | null,
  none: string,
  parts: (counts: Counts) => (string | false)[][],
): string[] {
  if (of === null) return [unknownMark]
  if (of.total === 0) return [none]
  return parts(of)
    .map((said) => said.filter((text) => text !== false).join(', '))
    .filter((line) => line !== '')
}

function totalText({ total, sessions }: Happened): string {
  const where =
    sessions === null ? '' : sessions === 1 ? ' in 1 session' : ` in ${countText(sessions)} sessions`
  return known(total, countText) + where
}

function recentTexts({ lastMinute, perSecond }: ActivationCounts | OptOutCounts): (string | false)[] {
  return [
    lastMinute !== null && `${countText(lastMinute)} in the last 60 s`,
    perSecond !== null && rateText(perSecond),
  ]
}
