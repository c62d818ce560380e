import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { AttemptView, Chunk, LegView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'

const allowedSeconds = 1
const allowedBytes = 8 * 1024
/** What came so shortly before was on its way to the client. */
const onItsWayNs = 50e6

/** Reference §4.2, 9: the client has left, and its answer is still made and paid for. */
export const upstreamRunsOn: Detector = {
  code: 'upstream_runs_on',
  severity: 'error',
  summary: 'The client had left, and the backend was still read',
  *find(subject) {
    const { ptc, attempts } = subject.exchange
    if (ptc?.end?.why !== 'abort_client') return
    const last = attempts.at(-1)
    if (last?.btp) yield* runningOn(subject, last, last.btp, ptc)
  },
}

function* runningOn(subject: Subject, attempt: AttemptView, btp: LegView, ptc: LegView): Iterable<Finding> {
  const { leftAtNs, unseen } = unseenOf(btp, ptc)
  const bytes = unseen.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const endNs = Math.max(btp.end?.atNs ?? 0, btp.chunks.at(-1)?.atNs ?? 0)
  const seconds = secondsBetween(leftAtNs, endNs)
  if (seconds <= allowedSeconds && bytes <= allowedBytes) return
  // The client had all of it, and who closes the connection does not matter.
  if (subject.ptc()?.isTerminated && ptc.chunks.length > 0) return
  if (unseen.length === 0 && subject.btp(attempt)?.isTerminated) return
  yield {
    severity: 'error',
    fault: 'proxy',
    leg: 'BTP',
    attempt: attempt.number,
    entry: unseen[0]?.entry ?? btp.end?.entry ?? subject.exchange.entries.last,
    offset: btp.body().length - bytes,
    atNs: leftAtNs,
    description: `The backend went on for ${secondsText(seconds)} and ${bytes} bytes after the client had left.`,
    evidence: { seconds: Math.round(seconds * 10) / 10, bytes, end: btp.end?.why ?? null },
    hint: 'These tokens are paid and nobody read them: on_client_disconnect: abort stops the backend at once, if that is not wanted for the usage record.',
  }
}

/**
 * What came when nobody was there any more, and since when. Where the proxy reads on, it is told of the client's end only at
 * the very last: then what is not written any more says when.
 */
function unseenOf(
  { chunks }: LegView,
  { chunks: given, end }: LegView,
): { leftAtNs: number; unseen: Chunk[] } {
  const toldNs = end?.atNs ?? Number.POSITIVE_INFINITY
  const goneNs = Math.min(toldNs, (given.at(-1)?.atNs ?? toldNs) + onItsWayNs)
  const unseen = chunks.filter(({ atNs }) => atNs > goneNs)
  return { leftAtNs: Math.min(toldNs, unseen[0]?.atNs ?? toldNs), unseen }
}
