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
  const room = height - 2
  // They may have become shorter since they were scrolled.
  const from = Math.max(0, Math.min(state.detailsFrom, lines.length - room))
  const isLonger = lines.length > room
  const part = isLonger ? `lines ${from + 1} to ${from + room} of ${lines.length}   ` : ''
  return box(lines.slice(from, from + room), {
    ...{ title: line(span(title, 'accent')), note: line(span(`${part}esc back`, 'muted')) },
    ...{ width, height, isFocused: true },
  })
}

/** Null: it is no longer told of. */
export function detailsOf(state: TopState, width: number): Details | null {
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
