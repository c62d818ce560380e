import { columnsOf } from '../../cli/text-width.ts'
import { box } from '../box.ts'
import { type Line, line, span } from '../lines.ts'
import type { ConnectLine, TopState } from '../state.ts'

/** Nothing has passed so far. */
export function isQuiet({ snapshot }: TopState): boolean {
  if (snapshot === null) return false
  return snapshot.traffic.requests === 0 && snapshot.in_flight_total === 0 && snapshot.recent.length === 0
}

/** How something could pass. */
export function welcome({ connectLines }: TopState, width: number, height: number): Line[] {
  const content = [
    line(),
    line(' No call has passed so far. To send a client through the proxy:'),
    line(),
    ...connectLines.map((one) => shownLine(one, width - 2)),
    line('   llmproxy connect', span('   # all clients that it knows', 'muted')),
  ]
  return box(content, { title: line(span('Connect a client', 'strong')), width, height })
}

/** A line that was cut could not be pasted: where it has no room, the command that prints it stands there. */
function shownLine({ title, line: text, command }: ConnectLine, width: number): Line {
  const note = `   # ${title}`
  const hasRoom = columnsOf(text) + columnsOf(note) + 3 <= width
  return line(`   ${hasRoom ? text : command}`, span(note, 'muted'))
}
