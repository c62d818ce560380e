import { type Half, halves } from './halves.ts'
import type { Row, Score } from './measure.ts'

/** What a row must reach in the test half before its detector ships (`reference/capture-and-replay.md` §7, 8). */
const least = { recall: 0.95, falseAlarms: 0.01 }

export function isGreen({ scores }: Row): boolean {
  return halves.every((half) => isGood(scores[half]))
}

function isGood(score: Score): boolean {
  return (
    score.mutated > 0 &&
    score.found / score.mutated >= least.recall &&
    score.falseNearMisses / Math.max(1, score.nearMisses) <= least.falseAlarms &&
    score.falseClean / Math.max(1, score.clean) <= least.falseAlarms
  )
}

const columns = ['detector', 'half', 'spoilt', 'recall', 'near misses', 'false', 'clean', 'false', 'true', '']

function tableLines(rows: readonly Row[]): string[][] {
  return [
    columns,
    ...rows.flatMap((row) =>
      halves.map((half) => [
        row.detector.code,
        half,
        ...cells(row.scores[half]),
        isGood(row.scores[half]) ? 'ok' : 'NO',
      ]),
    ),
  ]
}

function cells(score: Score): string[] {
  const { mutated, found, nearMisses, falseNearMisses, clean, falseClean, trueClean } = score
  const recall = mutated === 0 ? '-' : (found / mutated).toFixed(3)
  return [mutated, recall, nearMisses, falseNearMisses, clean, falseClean, trueClean].map(String)
}

export function plainTable(rows: readonly Row[]): string {
  const lines = tableLines(rows)
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return lines.map(line).join('\n')
}

/** docs/detectors.md */
export function page(rows: readonly Row[], sizes: { recordings: number; captures: number }): string {
  const of = (half: Half) => (row: Row) => row.scores[half]
  return `# Detectors

What \`llmproxy capture inspect --detect-issues\` finds, and how well. Written by \`npm run detectors -- --write\`.

Every detector is measured on recorded traffic: ${sizes.recordings} exchanges of real providers, brought to ${sizes.captures} clean captures of
four legs (single exchanges, and conversations of several turns). Its mutations spoil each capture to which they can be
applied, and the trouble must be found with the right fault; its near misses look alike and must be met with silence, as must
the clean captures. What the recordings themselves contain (a recorded refusal) is counted as true. Recordings are split
by their source's suite: detectors were tuned on one half, and the figures are those of the other. It was not quite unseen: some rules
were changed after a look at its false alarms, and recordings of both halves are among those whose findings count as true.
Context windows are those of the price catalogue, and tokens are counted where an estimate by length would contradict the usage,
as \`inspect\` does; on passing traffic nobody counts.
Green is a recall of ${least.recall} and more with false alarms in at most ${least.falseAlarms * 100} % of near misses and of clean captures.

${markdown(
  [
    'detector',
    'worst',
    'finds',
    'spoilt',
    'recall',
    'near misses',
    'false',
    'clean',
    'false',
    'true',
    'green',
  ],
  rows.map((row) => [
    `\`${row.detector.code}\``,
    row.detector.severity,
    row.detector.summary,
    ...cells(of('test')(row)),
    isGreen(row) ? 'yes' : 'no',
  ]),
)}

## The half that they were tuned on

${markdown(
  ['detector', 'spoilt', 'recall', 'near misses', 'false', 'clean', 'false', 'true'],
  rows.map((row) => [`\`${row.detector.code}\``, ...cells(of('tuning')(row))]),
)}
`
}

function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
