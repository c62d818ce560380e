import type { AskedHealth } from './ask-health.ts'
import { type PrintSettings, printHealth } from './print-health.ts'
import { hanging } from './section.ts'
import { clockText, spanText } from './times.ts'
import { signs } from './tone.ts'
import type { Sight } from './watch.ts'

export type SightSettings = Omit<PrintSettings, 'nowMs'>

/** A watch's whole picture, for a terminal that shows one at a time. */
export function pictureLines(sight: Sight<AskedHealth>, everyMs: number, settings: SightSettings): string[] {
  const { chalk } = settings
  const { atMs, away } = sight
  const { answer, talk } = printHealth(sight.seen.report, { ...settings, nowMs: atMs })
  const clock = chalk.dim(`${clockText(atMs)}, every ${everyMs / 1_000} s; Ctrl-C ends it`)
  const beside = talk.length > 0 ? ['', ...talk.map((line) => chalk.dim(line))] : []
  return [clock, ...(away === null ? [] : outageLines(atMs, away, settings)), '', ...answer, ...beside]
}

function outageLines(
  atMs: number,
  { failure, sinceMs }: NonNullable<Sight<AskedHealth>['away']>,
  { chalk, width }: SightSettings,
): string[] {
  const since = `${clockText(sinceMs)} (${spanText(atMs - sinceMs)})`
  return hanging('bad', `${failure.message} since ${since}; last it said:`, width, chalk)
}

/** What a watch adds to a pipe: each report with its time, and one line each when an outage begins and ends. */
export function appendedLines(sight: Sight<AskedHealth>, settings: SightSettings): string[] {
  const { atMs, seen, away, backAfterMs } = sight
  const clock = clockText(atMs)
  if (away !== null)
    return away.isNew ? [`${clock}  ${signs.bad} ${away.failure.message}; asking on`, ''] : []
  const [first = '', ...rest] = printHealth(seen.report, { ...settings, nowMs: atMs }).answer
  const back = backAfterMs === null ? [] : [`${clock}  it answers again, after ${spanText(backAfterMs)}`]
  return [...back, `${clock}  ${first}`, ...rest, '']
}
