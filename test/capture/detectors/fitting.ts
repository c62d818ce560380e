import type { AnswerReading } from '../../../src/capture/view/reading.ts'
import { isContent } from '../../../src/core/event.ts'
import { headerValue } from '../../../src/core/http.ts'
import { type CaptureDraft, type ExchangeDraft, lastOf, readingOf } from '../../support/a-capture.ts'

/** What a case may need of a recording before it spoils it. */

export function isComplete(capture: CaptureDraft): boolean {
  return lastOf(capture).closed?.outcome === 'complete' && isGeneration(lastOf(capture))
}

/** A whole stream with something to read in it. */
export function isStream(capture: CaptureDraft): boolean {
  return (
    isComplete(capture) &&
    lastOf(capture).stream &&
    answerOf(capture).events.some(({ event }) => isContent(event))
  )
}

export function isSse(capture: CaptureDraft): boolean {
  return (
    isStream(capture) &&
    /^text\/event-stream/.test(headerValue(lastOf(capture).btp.headers, 'content-type') ?? '')
  )
}

/** A whole answer in one JSON document. */
export function isWhole(capture: CaptureDraft): boolean {
  return isComplete(capture) && !lastOf(capture).stream && answerOf(capture).json !== undefined
}

export function answerOf(capture: CaptureDraft): AnswerReading {
  const x = lastOf(capture)
  return readingOf(x, x.btp)
}

/** Of both answers only their first half: what is left is not complete. */
export function halved(x: ExchangeDraft): boolean {
  x.bothAnswers((leg) => leg.keepBytes(Math.floor(leg.body.length / 2)))
  return !readingOf(x, x.btp).isTerminated
}

function isGeneration({ closed }: ExchangeDraft): boolean {
  return closed?.purpose === 'chat'
}

/** It ended so, as the proxy's record tells. */
export function closedAs(x: ExchangeDraft, outcome: string, reason?: string, error?: string): void {
  if (!x.closed) return
  x.closed.outcome = outcome
  if (reason !== undefined) x.closed.incomplete_reason = reason
  if (error !== undefined) x.closed.error = error
}
