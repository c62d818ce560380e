import type { Detector, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { finalAttempt, firstSeen, type SeenAnswer } from '../seen-answers.ts'
import { showsSomething } from './shown.ts'

/** Reference §4.2, 47: a finished answer that does not tell what it cost. */
export const usageMissing: Detector = {
  code: 'usage_missing',
  severity: 'note',
  summary: 'A finished answer told no token usage',
  *find(subject) {
    if (isGeneration(subject.exchange)) yield* firstSeen(subject, (seen) => judged(subject, seen))
  },
}

function judged(subject: Subject, { reading, leg, fault }: SeenAnswer) {
  const { answer } = reading
  if (!answer || !reading.isTerminated || answer.usage?.completionTokens !== undefined) return null
  // What was blocked, or goes on in the background, has nothing to tell.
  const reasons = answer.choices.map(({ end }) => end.reason)
  if (reasons.includes('filter') || reasons.includes('error')) return null
  if (reasons.includes('pause') && !showsSomething(reading)) return null
  if (!isAsked(subject, leg.leg === 'PTC')) return null
  return {
    severity: 'note' as const,
    fault,
    description:
      fault === 'proxy'
        ? 'The backend told its token usage, and the client did not get it.'
        : 'The answer is complete, but the backend told no token usage.',
    evidence: { model: answer.model, stream: reading.isStream },
    hint: 'Costs of this exchange are counted by the proxy; providers that tell usage in streams only when asked may need stream_usage: always.',
  }
}

/** Chat streams tell it only to who asks, and the client may not be who asked. */
function isAsked(subject: Subject, byClient: boolean): boolean {
  const attempt = finalAttempt(subject)
  const request = byClient ? subject.ctp() : attempt && subject.ptb(attempt)
  return request?.call ? !request.call.stream || request.call.usageAsked : !subject.exchange.stream
}
