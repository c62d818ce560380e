import { unknownMark } from '../../cli/numbers.ts'
import { cutToColumns, padToColumns } from '../../cli/text-width.ts'
import type { LiveRecent, LiveSession } from '../../core/live-snapshot.ts'
import { durationFigure, tokensFigure, usdFigure } from '../figures.ts'
import { type Line, line, span } from '../lines.ts'
import { noteCell, timeText, tokensCell } from '../lists/recent.ts'
import { doingCell, quietMs } from '../lists/sessions.ts'
import type { TopState } from '../state.ts'
import { ageFigure, idText, modelText, plainWords, recentCommand } from '../words.ts'
import { copied, type Details, labelled, section } from './detail-lines.ts'

/** A session: what goes on in it now, and those of its turns that the list of recent exchanges has. */
export function sessionDetails(row: LiveSession, { snapshot }: TopState): Details {
  const recent = snapshot?.recent.filter(({ session_id }) => session_id === row.id) ?? []
  const running = snapshot?.in_flight.filter(({ session_id }) => session_id === row.id) ?? []
  const issues = snapshot?.issues.filter(({ session_id }) => session_id === row.id) ?? []
  return {
    title: `session ${row.id}`,
    lines: [
      labelled('client', row.client_app ?? unknownMark),
      labelled('now', doingCell(row), quietMs(row) === null ? '' : `, since ${ageFigure(quietMs(row))}`),
      labelled(
        'turns',
        `${tokensFigure(row.turns)}, ${tokensFigure(row.tokens)} tokens, ${usdFigure(row.cost_usd)}`,
      ),
      labelled('issues', String(row.issues)),
      copied(recentCommand('--session', row.id)),
      ...section(
        'in flight',
        running.map(({ id, age_ms, state, waiting_for, model, requested_model }) =>
          line(
            ` ${idText(id)}  ${ageFigure(age_ms).padStart(5)}  ${plainWords(state)}, waits for the ${waiting_for}  ${modelText(model ?? requested_model)}`,
          ),
        ),
      ),
      ...section('turns', recent.length === 0 ? [] : [turnTitles(), ...recent.map(turnLine)]),
      ...section(
        'issues',
        issues.map(({ code, description }) => line(` ${plainWords(code)}: ${description}`)),
      ),
    ],
  }
}

function turnTitles(): Line {
  return line(
    span(` TIME      TURN  ${padToColumns('MODEL', 18)}     IN     OUT  TOTAL    COST  ISSUE`, 'muted'),
  )
}

function turnLine(row: LiveRecent): Line {
  const turn = String(row.turn_number ?? unknownMark)
  return line(
    ` ${timeText(row.at)}  ${turn.padStart(4)}  ${padToColumns(cutToColumns(modelText(row.model ?? row.requested_model), 18), 18)} `,
    `${tokensCell(row.prompt_tokens, row).text.padStart(6)}  ${tokensCell(row.completion_tokens, row).text.padStart(6)}  `,
    `${durationFigure(row.duration_ms).padStart(5)}  ${usdFigure(row.cost_usd).padStart(6)}  `,
    noteCell(row),
  )
}
