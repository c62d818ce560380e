import type { AnswerReading } from '../view/reading.ts'
import type { AttemptView, LegView } from '../view/view.ts'
import { clientLeft } from './client-left.ts'
import type { Fault, Finding, Subject } from './detector.ts'

/** An answer leg, and whose doing it is when something is wrong there and was not on the leg before. */
export interface SeenAnswer {
  reading: AnswerReading
  leg: LegView
  fault: Extract<Fault, 'backend' | 'proxy'>
}

/** The attempt that the client was answered with; where the file does not say, the last that got an answer. */
export function finalAttempt(subject: Subject): AttemptView | null {
  return subject.answered() ?? subject.exchange.attempts.findLast(({ btp }) => btp !== null) ?? null
}

/**
 * The answer as it came from the backend, and as the client got it where that is not byte for byte the same. What
 * the client did not wait for is not looked at.
 */
export function seenAnswers(subject: Subject): readonly SeenAnswer[] {
  let seen = seenOf.get(subject)
  if (seen === undefined) {
    seen = findSeen(subject)
    seenOf.set(subject, seen)
  }
  return seen
}

/** Most detectors of answers ask. */
const seenOf = new WeakMap<Subject, readonly SeenAnswer[]>()

function findSeen(subject: Subject): SeenAnswer[] {
  const attempt = finalAttempt(subject)
  const reading = attempt && subject.btp(attempt)
  if (!attempt?.btp || !reading) return []
  const seen: SeenAnswer = { reading, leg: attempt.btp, fault: 'backend' }
  const { ptc } = subject.exchange
  const passed = subject.ptc()
  if (!ptc || !passed || clientLeft(subject.exchange) || isSame(ptc, attempt.btp)) return [seen]
  return [seen, { reading: passed, leg: ptc, fault: 'proxy' }]
}

/** What is judged of the first leg that shows it. */
export function* firstSeen(
  subject: Subject,
  judge: (seen: SeenAnswer) => Omit<Finding, 'leg' | 'attempt'> | null,
): Iterable<Finding> {
  for (const seen of seenAnswers(subject)) {
    const finding = judge(seen)
    if (!finding) continue
    yield { ...finding, leg: seen.leg.leg, attempt: seen.leg.attempt }
    return
  }
}

/** Whether two legs carried the same bytes. */
export function isSame(one: LegView, other: LegView): boolean {
  return Buffer.compare(one.body(), other.body()) === 0
}
