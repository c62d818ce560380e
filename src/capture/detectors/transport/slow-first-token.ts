import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { AttemptView, LegView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { type Usual, usualOf } from './usual-wait.ts'

/** What is quicker than this is never slow, whatever is usual. */
const neverSlowSeconds = 3
const comparedMs = 60 * 60_000

/** Reference §4.2, 2: from the request's last byte to the first content of a stream; not to its head or a ping. */
export const slowFirstToken: Detector = {
  code: 'slow_first_token',
  severity: 'error',
  summary: 'The first word of a stream took long to come',
  *find(subject) {
    if (!isGeneration(subject.exchange)) return
    for (const attempt of subject.exchange.attempts) yield* slowOf(subject, attempt)
  },
}

interface Wait {
  seconds: number
  sentAtNs: number
  /** There was a word at its end. */
  came: boolean
}

function* slowOf(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const wait = waitOf(subject, attempt)
  if (!wait || wait.seconds < Math.min(neverSlowSeconds, subject.thresholds.slowFirstTokenWarnSeconds)) return
  const { slowFirstTokenWarnSeconds: warn, slowFirstTokenErrorSeconds: error } = subject.thresholds
  const usual = wait.seconds > warn || !wait.came ? null : usualAt(subject, attempt)
  if (wait.seconds <= (usual?.limitSeconds ?? warn)) return
  const { seconds, came, sentAtNs } = wait
  const took = secondsText(seconds)
  yield {
    severity: seconds > error ? 'error' : 'warn',
    fault: 'backend',
    leg: 'BTP',
    attempt: attempt.number,
    entry: attempt.btp?.headEntry ?? attempt.ptb?.end?.entry ?? subject.exchange.entries.first,
    atNs: sentAtNs,
    confidence: usual ? 0.7 : 1,
    description: came
      ? `The first word came ${took} after the request was sent${usual ? `, where ${secondsText(usual.medianSeconds)} is usual there` : ''}.`
      : `No word had come ${took} after the request was sent.`,
    evidence: {
      seconds: Math.round(seconds * 10) / 10,
      secondsToHead: roundedSeconds(sentAtNs, attempt.btp?.headAtNs ?? null),
      ...(usual && { usualSeconds: Math.round(usual.medianSeconds * 10) / 10, compared: usual.count }),
      backend: attempt.backend,
      model: attempt.model,
    },
    hint: 'A long prompt without cache, a queue at the provider or hidden reasoning looks like this: compare with another backend or a smaller request.',
  }
}

function usualAt(subject: Subject, { backend, model }: AttemptView): Usual | null {
  const waits: number[] = []
  for (const other of subject.around.recent(subject.exchange, comparedMs)) {
    for (const attempt of other.attempts) {
      if (attempt.backend !== backend || attempt.model !== model) continue
      const wait = waitOf(subject.of(other), attempt)
      if (wait?.came) waits.push(wait.seconds)
    }
  }
  return usualOf(waits, neverSlowSeconds)
}

/** Null: there is no stream to wait for, or it was refused. */
function waitOf(subject: Subject, attempt: AttemptView): Wait | null {
  const { ptb, btp } = attempt
  const sentAtNs = ptb?.end?.atNs ?? ptb?.chunks.at(-1)?.atNs ?? ptb?.headAtNs ?? null
  if (sentAtNs === null || (btp?.status ?? 200) >= 300 || btp?.end?.why === 'error') return null
  const hasBegun = btp !== null && btp.chunks.length > 0
  if (!hasBegun && (!subject.exchange.stream || (btp?.missing ?? 0) > 0 || isUnreached(subject, attempt)))
    return null
  const reading = hasBegun ? subject.btp(attempt) : null
  if (hasBegun && !reading?.isStream) return null
  const first = reading?.firstWord ?? null
  if (first?.event.type === 'error') return null
  const atNs = first?.atNs ?? silentUntil(subject, btp)
  return { seconds: secondsBetween(sentAtNs, atNs), sentAtNs, came: first !== null }
}

function silentUntil({ exchange, around }: Subject, btp: LegView | null): number {
  const end = btp?.end ?? exchange.ptc?.end
  return end?.atNs ?? (exchange.closed ? exchange.lastAtNs : around.endsAtNs)
}

/** It never reached the backend: nothing was waited for. */
function isUnreached({ exchange }: Subject, { number }: AttemptView): boolean {
  const told = exchange.closed?.attempts.find(({ n }) => n === number)
  return told?.error?.startsWith('connect_failed') ?? false
}

function roundedSeconds(fromNs: number, toNs: number | null): number | null {
  return toNs === null ? null : Math.round(secondsBetween(fromNs, toNs) * 10) / 10
}
