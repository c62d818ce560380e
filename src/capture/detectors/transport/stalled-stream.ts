import { isContent } from '../../../core/event.ts'
import { isObject } from '../../../core/json.ts'
import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { AnswerReading, RawEvent } from '../../view/reading.ts'
import type { AttemptView, LegView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'

/** From here on nobody has been seen to come back. */
const deadSeconds = 120

/** A time at which something came that is more than a sign of life. */
interface Mark {
  atNs: number
  offset: number
  entry: number
}

/** Reference §4.2, 1: a backend that goes silent in the middle of its answer, and one that only sends pings. */
export const stalledStream: Detector = {
  code: 'stalled_stream',
  legacyType: 'slow_response',
  severity: 'error',
  summary: 'The backend went silent in the middle of its answer',
  *find(subject) {
    for (const attempt of subject.exchange.attempts) yield* stallsOf(subject, attempt)
  },
}

function* stallsOf(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const { btp } = attempt
  const reading = subject.btp(attempt)
  if (!btp || !reading || btp.chunks.length === 0 || (btp.status ?? 200) >= 300) return
  const said = contentOf(btp, reading)
  if (said.length === 0) return
  const { stallWarnSeconds } = subject.thresholds
  let before = said[0]
  for (const mark of said) {
    const isLong = before && secondsBetween(before.atNs, mark.atNs) > stallWarnSeconds
    if (before && isLong) yield* stallBetween(subject, btp, before, mark)
    before = mark
  }
  for (const mark of lastSilence(subject, btp, reading)) {
    if (before) yield* stallBetween(subject, btp, before, mark)
  }
}

function* stallBetween(subject: Subject, btp: LegView, from: Mark, to: Mark): Iterable<Finding> {
  const { stallWarnSeconds, stallErrorSeconds } = subject.thresholds
  const seconds = secondsBetween(from.atNs, to.atNs)
  if (seconds <= stallWarnSeconds) return
  const silence = longestSilence(btp, from, to)
  const onlyPings = silence <= stallWarnSeconds
  const isError = silence > stallErrorSeconds
  yield {
    severity: onlyPings ? 'note' : isError ? 'error' : 'warn',
    fault: 'backend',
    leg: 'BTP',
    attempt: btp.attempt,
    entry: from.entry,
    offset: from.offset,
    atNs: from.atNs,
    description: onlyPings
      ? `The backend sent nothing but pings for ${secondsText(seconds)}.`
      : `The backend sent nothing for ${secondsText(silence)} in the middle of its answer${silence > deadSeconds ? ', as if it were dead' : ''}.`,
    evidence: {
      seconds: Math.round(seconds * 10) / 10,
      silentSeconds: Math.round(silence * 10) / 10,
      bytesBefore: from.offset,
    },
    hint: onlyPings
      ? 'The provider is alive and working; a long think or a queue looks like this.'
      : 'Ask again, or put another backend behind this one; a smaller request or output limit stalls less often.',
  }
}

/** Where each thing begins that is no keep-alive, from the first word on: what is waited for before is `slow_first_token`. */
function contentOf(btp: LegView, { isStream, raw, events }: AnswerReading): Mark[] {
  if (isStream) {
    const first = events.find(({ event }) => isContent(event) || event.type === 'end')
    return first ? raw.filter((event) => event.offset >= first.offset && !isKeepAlive(event)) : []
  }
  let offset = 0
  return btp.chunks.map(({ atNs, entry, bytes }) => {
    const mark = { atNs, entry, offset }
    offset += bytes.length
    return mark
  })
}

/** The end of an answer that was not complete when it came: what was waited for until then did not come. */
function lastSilence({ around, exchange }: Subject, btp: LegView, reading: AnswerReading): Mark[] {
  if (reading.isTerminated) return []
  const atNs = btp.end?.atNs ?? (exchange.closed ? exchange.lastAtNs : around.endsAtNs)
  return [{ atNs, offset: btp.body().length, entry: btp.end?.entry ?? exchange.entries.last }]
}

function longestSilence({ chunks }: LegView, from: Mark, to: Mark): number {
  let longest = 0
  let since = from.atNs
  for (const { atNs } of chunks) {
    if (atNs <= from.atNs || atNs > to.atNs) continue
    longest = Math.max(longest, secondsBetween(since, atNs))
    since = atNs
  }
  return Math.max(longest, secondsBetween(since, to.atNs))
}

function isKeepAlive({ isComment, name, json }: RawEvent): boolean {
  if (isComment || name === 'ping' || name === 'keepalive') return true
  return isObject(json) && (json.type === 'ping' || json.type === 'keepalive')
}
