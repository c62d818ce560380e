import { unknownMark } from '../../cli/numbers.ts'
import type { LiveIssue, LiveRecent } from '../../core/live-snapshot.ts'
import { counted, countFigure, durationFigure, percentFigure, rateFigure, usdFigure } from '../figures.ts'
import { type Line, line, span } from '../lines.ts'
import { stateCell } from '../lists/in-flight.ts'
import { cachedRatio, noteCell, timeText } from '../lists/recent.ts'
import type { ShownExchange, TopState } from '../state.ts'
import { severityTone } from '../theme.ts'
import { ageFigure, modelText, plainWords, showCommand } from '../words.ts'
import { copied, type Details, labelled, labelledText, section } from './detail-lines.ts'

/** One that is in flight: what is known of it so far. */
export function inFlightDetails(row: ShownExchange, state: TopState, width: number): Details {
  const age = ageFigure(row.age_ms)
  return {
    title: `${row.id}  ${stateCell(row).text} ${age}`,
    lines: [
      ...who(row),
      labelled('user', row.proxy_user ?? unknownMark),
      ...models(row, `attempt ${row.attempt} of ${row.attempts}`),
      line(),
      ...timeline(row),
      line(),
      labelled('cost', `${counted(usdFigure(row.cost_usd))} so far`),
      ...issueLines(state, row.id, width),
      copied(showCommand(row.id)),
    ],
  }
}

/** One that has ended. */
export function recentDetails(row: LiveRecent, state: TopState, width: number): Details {
  const count = (tokens: number | null) =>
    row.tokens_reported ? countFigure(tokens) : counted(countFigure(tokens))
  return {
    title: `${row.id}  ${row.status ?? unknownMark} ${plainWords(row.outcome)}`,
    lines: [
      ...who(row),
      ...models(row, row.attempts === 1 ? '1 attempt' : `${row.attempts} attempts`),
      labelled('purpose', plainWords(row.call_purpose)),
      line(),
      labelled('timeline', `${timeText(openedAt(row))}  opened`),
      ...(row.ttft_ms === null
        ? []
        : [labelled('', `${`+${durationFigure(row.ttft_ms)}`.padEnd(8)}  first token`)]),
      labelled('', `${`+${durationFigure(row.duration_ms)}`.padEnd(8)}  ended  `, noteCell(row)),
      line(),
      labelled(
        'tokens',
        `${count(row.prompt_tokens)} in, ${count(row.completion_tokens)} out, ${percentFigure(cachedRatio(row))} of the prompt from a cache`,
      ),
      labelled('cost', usdFigure(row.cost_usd)),
      labelled('replaced', row.replacement === null ? 'no rule concerned it' : plainWords(row.replacement)),
      ...issueLines(state, row.id, width),
      copied(showCommand(row.id)),
    ],
  }
}

/** An issue, with its exchange where that is known. */
export function issueDetails(row: LiveIssue, width: number): Details {
  return {
    title: plainWords(row.code),
    lines: [
      labelled('severity', span(row.severity, severityTone(row.severity))),
      labelled('fault', row.fault ?? 'cannot be told from passing traffic'),
      labelled('exchange', row.exchange_id ?? unknownMark),
      labelled('session', row.session_id ?? unknownMark),
      labelled('seen', row.at === null ? unknownMark : timeText(row.at)),
      line(),
      ...labelledText('what', row.description, width),
      ...(row.exchange_id === null ? [] : [copied(showCommand(row.exchange_id))]),
    ],
  }
}

function who(row: ShownExchange | LiveRecent): Line[] {
  const turn = row.turn_number === null ? '' : ` turn ${row.turn_number}`
  return [
    labelled('client', `${row.client_app ?? unknownMark} → ${row.frontend}`),
    labelled('session', row.session_id === null ? unknownMark : `${row.session_id}${turn}`),
  ]
}

function models(row: ShownExchange | LiveRecent, attempts: string): Line[] {
  const asked = modelText(row.requested_model)
  const answers = row.backend === null ? 'no backend yet' : `${modelText(row.model)} at ${row.backend}`
  return [labelled('model', `${asked} → ${answers} (${attempts})`)]
}

function timeline({ age_ms, state_ms, ttft_ms, output_tokens, tps, ...row }: ShownExchange): Line[] {
  const at = (ms: number) => `+${durationFigure(ms)}`.padEnd(8)
  const output =
    output_tokens === null
      ? ''
      : `${counted(countFigure(output_tokens))} tokens out, ${rateFigure(tps)} tok/s`
  return [
    labelled('timeline', `${at(0)}  accepted`),
    ...(ttft_ms === null ? [] : [labelled('', `${at(ttft_ms)}  first token`)]),
    labelled(
      '',
      `${at(Math.max(0, age_ms - state_ms))}  `,
      stateCell({ age_ms, state_ms, ttft_ms, output_tokens, tps, ...row }),
      `, waits for the ${row.waiting_for}`,
    ),
    labelled('', `now       ${output}`),
  ]
}

function issueLines({ snapshot }: TopState, id: string, width: number): Line[] {
  const own = snapshot?.issues.filter(({ exchange_id }) => exchange_id === id) ?? []
  if (own.length === 0) return [labelled('issues', span(unknownMark, 'muted'))]
  return section(
    'issues',
    own.flatMap(({ code, description }) => labelledText('', `${plainWords(code)}: ${description}`, width)),
  )
}

function openedAt({ at, duration_ms }: LiveRecent): string {
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? at : new Date(ms - duration_ms).toISOString()
}
