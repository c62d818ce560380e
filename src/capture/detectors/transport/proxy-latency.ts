import { type Event, isContent } from '../../../core/event.ts'
import type { AnswerReading } from '../../view/reading.ts'
import { Spots } from '../../view/spots.ts'
import type { AttemptView, LegView } from '../../view/view.ts'
import type { Detector, Subject } from '../detector.ts'
import { isSame as isSameBody } from '../seen-answers.ts'

/** A smaller delay is no matter, however short the stream. */
const leastMeanMs = 50
const allowedShare = 0.05

/** When something that the client waits for was there, and when it went out. */
interface Passage {
  arrivedNs: number
  writtenNs: number
}

/**
 * Reference §4.2, 18. From the first content on: until then a stream is held back so that another backend can still
 * answer. What the client is too slow to take has been written all the same.
 */
export const proxyLatency: Detector = {
  code: 'proxy_latency',
  severity: 'warn',
  summary: 'The proxy kept what the backend had sent',
  *find(subject) {
    const { exchange } = subject
    const attempt = subject.answered()
    if (!attempt?.btp || !exchange.ptc) return
    const passages = passagesOf(subject, attempt, attempt.btp, exchange.ptc)
    const [first] = passages
    if (!first) return
    const worst = passages.reduce((most, one) => (lagMs(one) > lagMs(most) ? one : most), first)
    const late = passages.filter((one) => lagMs(one) > subject.thresholds.proxyLatencyMs)
    const meanMs = passages.reduce((sum, one) => sum + lagMs(one), 0) / passages.length
    const share = shareInProxy(passages)
    if (late.length === 0 && !(share > allowedShare && meanMs >= leastMeanMs)) return
    yield {
      severity: 'warn',
      fault: 'proxy',
      confidence: late.length > 0 ? 1 : 0.7,
      leg: 'PTC',
      atNs: worst.arrivedNs,
      description:
        late.length > 0
          ? `The proxy wrote something ${Math.round(lagMs(worst))} ms after it had come.`
          : `On average, what came was in the proxy for ${Math.round(meanMs)} ms, ${Math.round(share * 100)} % of the stream's time.`,
      evidence: {
        worstMs: Math.round(lagMs(worst)),
        meanMs: Math.round(meanMs * 10) / 10,
        late: late.length,
        of: passages.length,
      },
      hint: 'The proxy may lack processor time (look at `event_loop_lag` in /internal/health), or keep what it should pass on: report the latter.',
    }
  },
}

function lagMs({ arrivedNs, writtenNs }: Passage): number {
  return (writtenNs - arrivedNs) / 1e6
}

function passagesOf(subject: Subject, attempt: AttemptView, btp: LegView, ptc: LegView): Passage[] {
  const sent = subject.btp(attempt)
  const got = subject.ptc()
  if (!sent || !got || (btp.status ?? 200) >= 300 || sent.isStream !== got.isStream) return []
  if (!sent.isStream) return wholePassage(btp, ptc)
  const isSame = attempt.protocol === subject.exchange.protocol
  const arrived = timesOf(btp, sent, isSame)
  const written = timesOf(
    ptc,
    isSame && attempt.protocol !== null && isSameBody(btp, ptc) ? sent : got,
    isSame,
  )
  // Another protocol may say the same in more or fewer events.
  const count = isSame || arrived.length === written.length ? Math.min(arrived.length, written.length) : 0
  const pairs = Array.from({ length: count }, (_, i) => ({
    arrivedNs: arrived[i] ?? 0,
    writtenNs: written[i] ?? 0,
  }))
  if (count > 0 || arrived.length === 0 || written.length === 0) return pairs
  return [{ arrivedNs: arrived[0] ?? 0, writtenNs: written[0] ?? 0 }]
}

/** A document is written when all of it is there. */
function wholePassage(btp: LegView, ptc: LegView): Passage[] {
  const arrivedNs = Math.max(btp.chunks.at(-1)?.atNs ?? 0, btp.end?.why === 'eof' ? btp.end.atNs : 0)
  const writtenNs = ptc.chunks[0]?.atNs
  return arrivedNs === 0 || writtenNs === undefined ? [] : [{ arrivedNs, writtenNs }]
}

/** When each event with content was there to its last byte; of a translation only text, which none need keep. */
function timesOf(leg: LegView, { raw, events }: AnswerReading, isSame: boolean): number[] {
  const spots = new Spots(leg)
  const times: number[] = []
  // Both are in the order of the bytes.
  let next = 0
  for (let index = 0; index < raw.length; index++) {
    const offset = raw[index]?.offset ?? 0
    let isWanted = false
    for (; (events[next]?.offset ?? Number.POSITIVE_INFINITY) <= offset; next++) {
      const found = events[next]
      if (found?.offset === offset && isAwaited(found.event, isSame)) isWanted = true
    }
    if (isWanted) times.push(spots.atNs((raw[index + 1]?.offset ?? leg.body().length) - 1))
  }
  return times
}

function isAwaited(event: Event, isSame: boolean): boolean {
  return isSame ? isContent(event) || event.type === 'end' : event.type === 'text'
}

/** The part of the stream's time in which something was in the proxy. */
function shareInProxy(passages: readonly Passage[]): number {
  const [first] = passages
  const last = passages.at(-1)
  if (!first || !last || last.writtenNs <= first.arrivedNs || passages.length < 2) return 0
  let insideNs = 0
  let untilNs = first.arrivedNs
  for (const { arrivedNs, writtenNs } of passages) {
    insideNs += Math.max(0, writtenNs - Math.max(arrivedNs, untilNs))
    untilNs = Math.max(untilNs, writtenNs)
  }
  return insideNs / (last.writtenNs - first.arrivedNs)
}
