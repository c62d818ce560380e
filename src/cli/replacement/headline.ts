import type { ChalkInstance } from 'chalk'
import { countText } from '../numbers.ts'
import { hanging } from '../section.ts'
import { spanText } from '../times.ts'
import { paint, type Tone } from '../tone.ts'
import { known, shareText } from './amounts.ts'
import type { MetricsReport } from './metrics-report.ts'

export interface HeadlineSettings {
  /** In which times are shown. */
  timeZone: string
  width: number
  chalk: ChalkInstance
}

/** `● on: 20% of the rolls win, 3 turns a window, 2 rules; counted since 2026-11-27 14:20 (UTC), 3h12m` */
export function headline(report: MetricsReport, { timeZone, width, chalk }: HeadlineSettings): string[] {
  const [tone, state] = stateOf(report)
  const text = isCounted(report)
    ? `${state}: ${settingsText(report)}${sinceText(report, timeZone)}`
    : notCounted
  return hanging(tone, text, width, chalk).map((line, index) =>
    index === 0 ? line.replace(state, () => paint(state, tone, chalk)) : line,
  )
}

const notCounted =
  'read from a ledger: settings, activations, turns, opt-outs and rolls are known to a running proxy only'

/** Whether a proxy said it; a ledger has what was answered, not what was decided. */
export function isCounted({ isEnabled, activations, rolls }: MetricsReport): boolean {
  return isEnabled !== null || activations !== null || rolls !== null
}

function stateOf({ isEnabled }: MetricsReport): [Tone, string] {
  if (isEnabled === null) return ['muted', 'not known whether on']
  return isEnabled ? ['good', 'on'] : ['muted', 'off']
}

function settingsText({ probability, turnCount, rules }: MetricsReport): string {
  return [
    `${known(probability, shareText)} of the rolls win`,
    turnCount === 1 ? '1 turn a window' : `${known(turnCount, countText)} turns a window`,
    rules?.length === 1 ? '1 rule' : `${known(rules?.length ?? null, countText)} rules`,
  ].join(', ')
}

function sinceText({ startedAtMs, elapsedMs }: MetricsReport, timeZone: string): string {
  if (startedAtMs === null) return elapsedMs === null ? '' : `; counted for ${spanText(elapsedMs)}`
  const span = elapsedMs === null ? '' : `, ${spanText(elapsedMs)}`
  return `; counted since ${minuteText(startedAtMs, timeZone)} (${timeZone})${span}`
}

/** `2026-11-27 14:20` */
function minuteText(ms: number, timeZone: string): string {
  // Swedish dates are those of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms)
}
