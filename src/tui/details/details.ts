import { box } from '../box.ts'
import { type Line, line, span } from '../lines.ts'
import { issueId } from '../lists/issues.ts'
import type { ShownExchange, TopState } from '../state.ts'
import { backendDetails } from './backend-details.ts'
import type { Details } from './detail-lines.ts'
import { inFlightDetails, issueDetails, recentDetails } from './exchange-details.ts'
import { sessionDetails } from './session-details.ts'

/** What is known of the row that was opened, in a frame. */
export function details(state: TopState, width: number, height: number): Line[] {
  const found = detailsOf(state, width - 2)
  const { title, lines } = found ?? {
    title: state.details?.id ?? '',
    lines: [line(' no longer among the last ones')],
  }
  const hidden = lines.length - (height - 2)
  const shown =
    hidden > 0 ? [...lines.slice(0, height - 3), line(span(` … ${hidden + 1} more lines`, 'muted'))] : lines
  return box(shown, {
    ...{ title: line(span(title, 'accent')), note: line(span('esc back', 'muted')) },
    ...{ width, height, isFocused: true },
  })
}

function detailsOf(state: TopState, width: number): Details | null {
  const { details: opened, snapshot, fading } = state
  if (opened === null || snapshot === null) return null
  const { panel, id } = opened
  switch (panel) {
    case 'backends': {
      const row = snapshot.backends.find(({ name }) => name === id)
      return row === undefined ? null : backendDetails(row, state, width)
    }
    case 'sessions': {
      const row = snapshot.sessions.find((one) => one.id === id)
      return row === undefined ? null : sessionDetails(row, state)
    }
    case 'issues': {
      const row = snapshot.issues.find((one) => issueId(one) === id)
      return row === undefined ? null : issueDetails(row, width)
    }
    default:
      return exchangeDetails(state, [...snapshot.in_flight, ...fading], id, width)
  }
}

/** One that ends while it is looked at goes on as what it became. */
function exchangeDetails(
  state: TopState,
  inFlight: readonly ShownExchange[],
  id: string,
  width: number,
): Details | null {
  const ended = state.snapshot?.recent.find((one) => one.id === id)
  if (ended !== undefined) return recentDetails(ended, state, width)
  const running = inFlight.find((one) => one.id === id)
  return running === undefined ? null : inFlightDetails(running, state, width)
}
