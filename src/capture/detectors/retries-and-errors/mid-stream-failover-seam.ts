import type { RawEvent } from '../../view/reading.ts'
import type { Detector } from '../detector.ts'
import { isFromItsBeginning } from '../generation.ts'
import { seamIn } from './seam.ts'

/** Reference §4.2, 28: two answers in one stream, as a failover in the middle of it leaves them. */
export const midStreamFailoverSeam: Detector = {
  code: 'mid_stream_failover_seam',
  severity: 'error',
  summary: 'In the middle of a stream another answer began',
  *find(subject) {
    const { exchange } = subject
    const got = subject.ptc()
    if (!got?.isStream || !isFromItsBeginning(exchange, exchange.ptc)) return
    const seam = seamIn(got.raw)
    if (!seam) return
    const attempt = subject.answered()
    const sent = attempt && subject.btp(attempt)
    const before = sent?.isStream ? seamIn(sent.raw) : null
    const { at, what, first, second } = before ?? seam
    yield {
      severity: 'error',
      fault: before ? 'backend' : 'proxy',
      leg: before ? 'BTP' : 'PTC',
      attempt: before ? (attempt?.number ?? null) : null,
      ...placeOf(at),
      description: `After ${at.offset} bytes of an answer that had not ended, ${what}.`,
      evidence: {
        first,
        second,
        attempts: exchange.attempts.map(({ backend, btp }) => `${backend ?? '?'} ${btp?.status ?? '-'}`),
      },
      hint: before
        ? 'The gateway behind this backend puts two answers into one stream: what the client has is neither.'
        : 'A fault of the proxy: report it with this exchange.',
    }
  },
}

function placeOf({ offset, entry, atNs }: RawEvent) {
  return { offset, entry, atNs }
}
