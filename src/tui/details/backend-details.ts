import { unknownMark } from '../../cli/numbers.ts'
import { padToColumns } from '../../cli/text-width.ts'
import { backendTone } from '../../cli/tone.ts'
import type { LiveBackend, LiveRecent, LiveSnapshot } from '../../core/live-snapshot.ts'
import { durationFigure, percentFigure, rateFigure, tokensFigure, usdFigure } from '../figures.ts'
import { type Line, line, sized, span } from '../lines.ts'
import { backendStateCell, quotaCell } from '../lists/backends.ts'
import { timeText } from '../lists/recent.ts'
import type { TopState } from '../state.ts'
import { snapshotMs } from '../table/list-spec.ts'
import { errorTone, ttftTone } from '../theme.ts'
import { ageFigure, agoText, idText, modelText, plainWords, recentCommand, untilText } from '../words.ts'
import { copied, type Details, labelled, labelledText, section } from './detail-lines.ts'

/** A backend: why it is as it is, its last minutes, and what it did lately by model. */
export function backendDetails(row: LiveBackend, state: TopState, width: number): Details {
  const atMs = snapshotMs(state)
  const { ttft_ms: ttft, last_error: lastError } = row
  return {
    title: `${row.name}  ${backendStateCell(row, atMs).text}`,
    lines: [
      labelled('type', row.backend_type),
      labelled('state', backendStateCell(row, atMs)),
      ...labelledText('reason', row.reason, width),
      labelled('tried in', untilText(row.retry_at, atMs) ?? unknownMark),
      labelled('in flight', `${row.in_flight}, ${row.queued} waiting for a place`),
      labelled('quota', quotaCell(row), quotaWords(row, atMs)),
      line(),
      labelled(
        'requests',
        `${rateFigure(row.requests_per_second)}/s, ${tokensFigure(row.requests)} attempts in the window`,
      ),
      labelled(
        'errors',
        span(percentFigure(row.error_ratio), errorTone(row.error_ratio)),
        `, ${tokensFigure(row.errors)} of them`,
      ),
      labelled(
        'TTFT',
        'p50 ',
        span(durationFigure(ttft.p50), ttftTone(ttft.p50)),
        ', p95 ',
        span(durationFigure(ttft.p95), ttftTone(ttft.p95)),
      ),
      labelled(
        'output',
        `${rateFigure(row.tokens_out_per_second)} tok/s, ${usdFigure(row.usd_per_hour)} an hour`,
      ),
      ...labelledText(
        'last error',
        lastError && `${lastError.text}, ${agoText(lastError.at, atMs)} ago`,
        width,
      ),
      copied(recentCommand('--backend', row.name)),
      ...circuitTurns(row, width),
      ...(state.snapshot === null
        ? []
        : [...running(state.snapshot, row.name), ...byModel(state.snapshot, row.name)]),
    ],
  }
}

/** When its circuit opened and closed, and why. */
function circuitTurns({ circuit_history: turns }: LiveBackend, width: number): Line[] {
  return section(
    'circuit breaker, the newest first',
    turns.map(({ at, state, reason }) =>
      sized(
        line(
          ` ${timeText(at)}  `,
          span(padToColumns(plainWords(state), 11), state === 'closed' ? 'good' : backendTone(state)),
          span(reason ?? '', 'muted'),
        ),
        width,
      ),
    ),
  )
}

function quotaWords({ quota }: LiveBackend, atMs: number): string {
  if (quota === null) return ''
  const until = untilText(quota.resets_at, atMs)
  return ` of ${plainWords(quota.name)}${until === null ? '' : `, renewed in ${until}`}`
}

function running({ in_flight }: LiveSnapshot, name: string): Line[] {
  return section(
    'in flight',
    in_flight
      .filter(({ backend }) => backend === name)
      .map(({ id, age_ms, state, model, requested_model }) =>
        line(
          ` ${idText(id)}  ${ageFigure(age_ms).padStart(5)}  ${padToColumns(plainWords(state), 11)}  ${modelText(model ?? requested_model)}`,
        ),
      ),
  )
}

/** What the list of recent exchanges has of it. */
function byModel({ recent }: LiveSnapshot, name: string): Line[] {
  const models = new Map<string, LiveRecent[]>()
  for (const row of recent) {
    if (row.backend !== name) continue
    const model = modelText(row.model)
    models.set(model, [...(models.get(model) ?? []), row])
  }
  return section(
    'the last exchanges by model',
    [...models].map(([model, rows]) => {
      const failed = rows.filter(({ outcome }) => outcome === 'error').length
      const last = rows[0] === undefined ? unknownMark : timeText(rows[0].at)
      return line(
        ` ${padToColumns(model, 30)}  ${String(rows.length).padStart(4)}  ${padToColumns(failed === 0 ? '' : `${failed} failed`, 9)}`,
        `  ${usdFigure(cost(rows)).padStart(6)}  last ${last}`,
      )
    }),
  )
}

/** null: none of them has a price. */
function cost(rows: readonly LiveRecent[]): number | null {
  const known = rows.flatMap(({ cost_usd }) => cost_usd ?? [])
  return known.length === 0 ? null : known.reduce((sum, usd) => sum + usd, 0)
}
