import type { Attempt } from '../../core/exchange.ts'
import type { Finding, Severity, Thresholds } from '../detectors/detector.ts'
import { secondsText } from '../view/durations.ts'
import type { WatchedExchange } from './watched-exchange.ts'

export interface LiveFinding extends Finding {
  code: string
  type?: string
}

/**
 * What is waited for right now, or was until the word came: the first word of a stream, or its next.
 * `nowNs`: since the exchange was opened.
 */
export function waitFinding(
  watched: WatchedExchange,
  attempt: Attempt,
  nowNs: number,
  thresholds: Thresholds,
): LiveFinding | null {
  if ((attempt.status ?? 200) >= 300 || attempt.error !== null || watched.end !== null) return null
  if (attempt.firstContentNs === null) return firstWord(watched, attempt, nowNs, thresholds)
  if (attempt.lastByteNs === null || attempt.endedNs !== null) return null
  if (watched.exchange.clientIsBehind) {
    watched.heldUpUntilNs = nowNs
    return null
  }
  const fromNs = Math.max(attempt.lastByteNs, watched.heldUpUntilNs)
  return silence(attempt, (nowNs - fromNs) / 1e9, fromNs, thresholds)
}

/** How long the first word of a stream took, or has taken so far. */
export function firstWord(
  { exchange }: WatchedExchange,
  attempt: Attempt,
  nowNs: number,
  { slowFirstTokenWarnSeconds: warn, slowFirstTokenErrorSeconds: error }: Thresholds,
): LiveFinding | null {
  const sentNs = attempt.sentNs
  if (!exchange.stream || sentNs === null || (attempt.status ?? 200) >= 300) return null
  const came = attempt.firstContentNs
  const seconds = ((came ?? nowNs) - sentNs) / 1e9
  if (seconds <= warn) return null
  const took = `${secondsText(seconds)} after the request was sent`
  return {
    code: 'slow_first_token',
    severity: worse(seconds, error),
    fault: 'backend',
    leg: 'BTP',
    attempt: attempt.number,
    atNs: sentNs,
    description: came === null ? `No word had come ${took}.` : `The first word came ${took}.`,
    evidence: { seconds: tenths(seconds), backend: attempt.backend, model: attempt.model },
    hint: 'A long prompt without cache, a queue at the provider or hidden reasoning looks like this: compare with another backend or a smaller request.',
  }
}

/** The backend said nothing for so long in the middle of its answer. */
export function silence(
  attempt: Attempt,
  seconds: number,
  fromNs: number,
  { stallWarnSeconds: warn, stallErrorSeconds: error }: Thresholds,
): LiveFinding | null {
  if (seconds <= warn) return null
  return {
    code: 'stalled_stream',
    type: 'slow_response',
    severity: worse(seconds, error),
    fault: 'backend',
    leg: 'BTP',
    attempt: attempt.number,
    atNs: fromNs,
    description: `The backend sent nothing for ${secondsText(seconds)} in the middle of its answer.`,
    evidence: { seconds: tenths(seconds), backend: attempt.backend },
    hint: 'Ask again, or put another backend behind this one; a smaller request or output limit stalls less often.',
  }
}

function worse(seconds: number, error: number): Severity {
  return seconds > error ? 'error' : 'warn'
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
