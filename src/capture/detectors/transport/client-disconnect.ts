import { secondsBetween, secondsText } from '../../view/durations.ts'
import { clientLeft } from '../client-left.ts'
import type { Detector } from '../detector.ts'

/** Reference §4.2, 8: the client left before its answer was complete. */
export const clientDisconnect: Detector = {
  code: 'client_disconnect',
  severity: 'note',
  summary: 'The client left before its answer was complete',
  *find(subject) {
    const { exchange } = subject
    const { ptc, ctp, closed } = exchange
    if (!clientLeft(exchange) || closed?.outcome === 'complete') return
    if (ptc && ptc.chunks.length > 0 && subject.ptc()?.isTerminated) return
    const end = ptc?.end ?? ctp?.end ?? null
    const bytes = ptc?.body().length ?? 0
    const seconds = secondsBetween(exchange.openedAtNs, end?.atNs ?? exchange.lastAtNs)
    yield {
      severity: 'note',
      fault: 'client',
      leg: ptc ? 'PTC' : 'CTP',
      entry: end?.entry ?? exchange.entries.last,
      offset: bytes,
      atNs: end?.atNs ?? exchange.lastAtNs,
      description:
        bytes > 0
          ? `The client left after ${secondsText(seconds)}, with ${bytes} bytes of its answer.`
          : `The client left after ${secondsText(seconds)}, before its answer began.`,
      evidence: { seconds: Math.round(seconds * 10) / 10, bytes },
      hint: 'A user who pressed stop looks like this; always after the same time, it is a timeout in the client.',
    }
  },
}
