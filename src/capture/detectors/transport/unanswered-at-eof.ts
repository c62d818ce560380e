import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { Detector } from '../detector.ts'

/** Reference §4.2, 11: open when the file ends. A cut capture explains it; one that was ended in order does not. */
export const unansweredAtEof: Detector = {
  code: 'unanswered_at_eof',
  severity: 'warn',
  summary: 'An exchange was still open when the capture ended',
  *find({ exchange, around }) {
    if (!isOpen(exchange)) return
    const seconds = secondsBetween(exchange.openedAtNs, around.endsAtNs)
    const bytes = exchange.ptc?.body().length ?? 0
    yield {
      severity: around.closedInOrder ? 'warn' : 'note',
      fault: null,
      leg: 'PTC',
      entry: exchange.entries.last,
      atNs: exchange.lastAtNs,
      description: `The exchange was open for ${secondsText(seconds)} when the capture ${around.closedInOrder ? 'was ended in order' : 'broke off'}, with ${bytes} bytes of its answer.`,
      evidence: { seconds: Math.round(seconds * 10) / 10, bytes, closedInOrder: around.closedInOrder },
      hint: around.closedInOrder
        ? 'The capture was switched off, or the proxy stopped, while it was under way: the next file of the same run may have the rest.'
        : 'The proxy was killed, or this is a copy of a file in use: what was under way then has no end.',
    }
  },
}

/** Nothing closes in files of the original: there an answer that began is all that can be asked for. */
function isOpen({ closed, ptc, version }: ExchangeView): boolean {
  if (closed || ptc?.end) return false
  return version === 3 || ptc === null || ptc.chunks.length === 0
}
