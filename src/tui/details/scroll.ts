import { layoutOf } from '../layout.ts'
import type { TopState } from '../state.ts'
import { detailsOf } from './details.ts'

/** Details that are open, moved to another first line; never beyond their last one. */
export function scrolled(
  state: TopState,
  to: (from: number, last: number) => number,
): Pick<TopState, 'detailsFrom'> {
  const last = lastFrom(state)
  const from = to(Math.min(state.detailsFrom, last), last)
  return { detailsFrom: Math.max(0, Math.min(from, last)) }
}

/** The first line that is shown when the last one is. */
function lastFrom(state: TopState): number {
  const { bands, width } = layoutOf(state)
  const room = bands.reduce((sum, { height }) => sum + height, -2)
  return Math.max(0, (detailsOf(state, width - 2)?.lines.length ?? 0) - room)
}
