import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { AttemptView, ExchangeView, LegView } from '../../view/view.ts'
import { clientLeft } from '../client-left.ts'
import type { Detector, Finding, Subject } from '../detector.ts'

const patienceSeconds = 5
/** A whole answer has no head before it is written. */
const patienceForWholeSeconds = 30

/** Reference §4.2, 10: a request that went nowhere, or that a backend never answered. */
export const missingResponse: Detector = {
  code: 'missing_response',
  legacyType: 'missing_response',
  severity: 'error',
  summary: 'A request got no answer at all',
  *find(subject) {
    const { exchange } = subject
    if (hasAnswer(exchange) || !isAsked(exchange) || clientLeft(exchange)) return
    if (exchange.closed) yield* closedWithout(exchange)
    else yield* openWithout(subject)
  },
}

function hasAnswer({ ptc, closed }: ExchangeView): boolean {
  if (ptc && (ptc.status !== null || ptc.chunks.length > 0 || ptc.missing > 0)) return true
  // It had one, which the capture has lost.
  return closed?.status !== undefined
}

function isAsked({ ctp, version }: ExchangeView): boolean {
  return ctp !== null && (ctp.end?.why === 'eof' || (version === 2 && ctp.end === null))
}

function* closedWithout(exchange: ExchangeView): Iterable<Finding> {
  const { closed, attempts, lastAtNs, openedAtNs, entries } = exchange
  if (closed?.incomplete_reason === 'shutdown' || closed?.incomplete_reason === 'crash') return
  const seconds = secondsBetween(openedAtNs, lastAtNs)
  yield {
    severity: 'error',
    fault: 'proxy',
    leg: 'PTC',
    entry: entries.last,
    atNs: lastAtNs,
    description: `The exchange closed after ${secondsText(seconds)}, and the client got no answer.`,
    evidence: {
      seconds: Math.round(seconds * 10) / 10,
      attempts: attempts.length,
      outcome: closed?.outcome ?? null,
    },
    hint: 'A fault of the proxy: its log has the cause, under the id of this exchange.',
  }
}

function* openWithout({ exchange, around }: Subject): Iterable<Finding> {
  const attempt = exchange.attempts.at(-1)
  if (attempt?.btp && hasBegun(attempt.btp)) return
  const since = sinceOf(exchange, attempt?.ptb ?? exchange.ctp)
  const seconds = secondsBetween(since.atNs, around.endsAtNs)
  const waitsForWhole = attempt !== undefined && !exchange.stream
  if (seconds <= (waitsForWhole ? patienceForWholeSeconds : patienceSeconds)) return
  yield {
    severity: 'error',
    confidence: seconds > 120 ? 0.9 : 0.6,
    ...since,
    ...(attempt ? unansweredBy(attempt, seconds) : neverSent(seconds)),
    evidence: { seconds: Math.round(seconds * 10) / 10, backend: attempt?.backend ?? null },
  }
}

function hasBegun({ status, chunks, end, missing }: LegView): boolean {
  return status !== null || chunks.length > 0 || end !== null || missing > 0
}

/** When all of it had been said that was said. */
function sinceOf(
  { openedAtNs, entries }: ExchangeView,
  leg: LegView | null,
): { atNs: number; entry: number } {
  const last = leg?.end ?? leg?.chunks.at(-1)
  return { atNs: last?.atNs ?? leg?.headAtNs ?? openedAtNs, entry: last?.entry ?? entries.last }
}

type Said = Pick<Finding, 'fault' | 'leg' | 'attempt' | 'description' | 'hint'>

function unansweredBy({ number }: AttemptView, seconds: number): Said {
  return {
    fault: 'backend',
    leg: 'BTP',
    attempt: number,
    description: `The request was sent to the backend, and in the ${secondsText(seconds)} until the capture ended no answer began.`,
    hint: 'Look whether the backend is reachable and busy: `llmproxy health`.',
  }
}

function neverSent(seconds: number): Said {
  return {
    fault: 'proxy',
    leg: 'PTB',
    attempt: null,
    description: `The request was never sent on: ${secondsText(seconds)} later the capture ended.`,
    hint: 'It may have waited for a place at a backend: `llmproxy health` tells, and the log has the reason.',
  }
}
