import type { AnswerReading } from '../../view/reading.ts'
import type { LegView } from '../../view/view.ts'
import type { Fault, Finding, Subject } from '../detector.ts'
import { isFromItsBeginning, isGeneration } from '../generation.ts'
import { isSame } from '../seen-answers.ts'

export interface AnswerLeg {
  leg: LegView
  reading: AnswerReading
  fault: Fault
  place: Pick<Finding, 'leg' | 'attempt' | 'fault'>
}

/**
 * The good streams of an exchange: the backends', then the client's. What is wrong on BTP already is the backend's;
 * what is wrong on PTC only is the proxy's, so that who looks takes the first that is.
 */
export function* streamsOf(subject: Subject): Iterable<AnswerLeg> {
  for (const answer of answersOf(subject)) if (answer.reading.isStream) yield answer
}

export function* answersOf(subject: Subject): Iterable<AnswerLeg> {
  const { exchange } = subject
  if (!isGeneration(exchange)) return
  const { ptc } = exchange
  let isPassedOn = false
  for (const attempt of exchange.attempts) {
    const { btp } = attempt
    const reading = subject.btp(attempt)
    if (!isFromItsBeginning(exchange, btp) || !reading || !isGood(btp)) continue
    isPassedOn ||= ptc !== null && isSame(ptc, btp) && subject.ptc()?.isStream === reading.isStream
    yield {
      leg: btp,
      reading,
      fault: 'backend',
      place: { leg: 'BTP', attempt: attempt.number, fault: 'backend' },
    }
  }
  // Nothing is wrong with the same bytes that was not wrong with those of the backend.
  if (isPassedOn) return
  const reading = subject.ptc()
  if (isFromItsBeginning(exchange, ptc) && reading && isGood(ptc) && !isBrokenOff(subject, ptc, reading)) {
    yield { leg: ptc, reading, fault: 'proxy', place: { leg: 'PTC', attempt: null, fault: 'proxy' } }
  }
}

/**
 * The bytes of a backend that stopped in the middle, and behind them the error by which the proxy says so: where those
 * were cut, in an event or in a character, is not its fault.
 */
function isBrokenOff(subject: Subject, ptc: LegView, { error }: AnswerReading): boolean {
  const attempt = subject.answered()
  const sent = attempt && subject.btp(attempt)
  if (!attempt?.btp || !sent || sent.isTerminated || error === null) return false
  const body = attempt.btp.body()
  return Buffer.compare(ptc.body().subarray(0, body.length), body) === 0
}

function isGood({ status, chunks }: LegView): boolean {
  return (status === null || status < 300) && chunks.length > 0
}
