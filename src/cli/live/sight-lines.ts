import type { ChalkInstance } from 'chalk'
import { printable } from '../../core/printable.ts'
import { hanging } from '../section.ts'
import { clockText, spanText } from '../times.ts'
import { signs } from '../tone.ts'
import type { Sight } from './watch.ts'

export interface SightSettings<Seen> {
  /** Columns of the terminal; Infinity in a pipe. */
  width: number
  chalk: ChalkInstance
  /** What was seen as a report: the answer, and what is said beside it. */
  print: (seen: Seen, at: { atMs: number; width: number }) => { answer: string[]; talk: string[] }
}

/** A watch's whole picture, for a terminal that shows one at a time. */
export function pictureLines<Seen>(
  sight: Sight<Seen>,
  everyMs: number,
  { width, chalk, print }: SightSettings<Seen>,
): string[] {
  const { atMs, seen, away } = sight
  const { answer, talk } = print(seen, { atMs, width })
  const clock = chalk.dim(`${clockText(atMs)}, every ${everyMs / 1_000} s; Ctrl-C ends it`)
  const beside = talk.length > 0 ? ['', ...talk.map((line) => chalk.dim(line))] : []
  const outage = away === null ? [] : outageLines(atMs, away, width, chalk)
  return [clock, ...outage, '', ...answer, ...beside]
}

function outageLines(
  atMs: number,
  { failure, sinceMs }: NonNullable<Sight<unknown>['away']>,
  width: number,
  chalk: ChalkInstance,
): string[] {
  const since = `${clockText(sinceMs)} (${spanText(atMs - sinceMs)})`
  return hanging('bad', `${printable(failure.message)} since ${since}; last it said:`, width, chalk)
}

/** What a watch adds to a pipe: each report with its time, and one line each when an outage begins and ends. */
export function appendedLines<Seen>(
  { atMs, seen, away, backAfterMs }: Sight<Seen>,
  { width, print }: SightSettings<Seen>,
): string[] {
  const clock = clockText(atMs)
  if (away !== null)
    return away.isNew ? [`${clock}  ${signs.bad} ${printable(away.failure.message)}; asking on`, ''] : []
  const [first = '', ...rest] = print(seen, { atMs, width }).answer
  const back = backAfterMs === null ? [] : [`${clock}  it answers again, after ${spanText(backAfterMs)}`]
  return [...back, `${clock}  ${first}`, ...rest, '']
}
