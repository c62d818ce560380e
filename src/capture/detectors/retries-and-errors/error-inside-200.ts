import type { AnswerReading } from '../../view/reading.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { quoted, quotedEnd } from '../quoted.ts'
import { placeOf, speakerOf, type Trouble, troublesOf } from './trouble.ts'

/** Reference §4.2, 24: a good status, and an error in the body or in one of its events. */
export const errorInside200: Detector = {
  code: 'error_inside_200',
  severity: 'error',
  summary: 'An answer with a good status had an error in it',
  *find(subject) {
    if (!isGeneration(subject.exchange)) return
    let isBackends = false
    for (const trouble of troublesOf(subject)) {
      if (trouble.kind !== 'told') continue
      isBackends = true
      yield backends(trouble)
    }
    if (!isBackends) yield* proxys(subject)
  },
}

function backends(trouble: Trouble): Finding {
  const { message, type, code, status, at, leg, isRecovered } = trouble
  return {
    ...placeOf(trouble),
    severity: isRecovered ? 'warn' : 'error',
    fault: 'backend',
    description: `${speakerOf(trouble)} answered ${leg.status ?? 'well'} and reported an error ${at.offset > 0 ? `after ${at.offset} bytes` : 'at once'}: ${quotedEnd(message)}.`,
    evidence: { status: leg.status, type, code, meant: status, message: quoted(message) },
    hint: 'Clients that look at the status only take this for an answer: check how yours reports it.',
  }
}

/** What the proxy itself says in a stream that it has to break off is told by the exchange's record. */
function* proxys(subject: Subject): Iterable<Finding> {
  const { ptc, closed } = subject.exchange
  const attempt = subject.answered()
  const sent = attempt && subject.btp(attempt)
  const got = subject.ptc()
  if (!ptc || !got || !sent || !isGood(ptc.status) || !isGood(attempt.btp?.status ?? null)) return
  if (!got.error || !isWhole(sent) || closed?.error !== undefined) return
  const { message, type, code, at } = got.error
  yield {
    severity: 'error',
    fault: 'proxy',
    leg: 'PTC',
    ...at,
    description: `The backend's answer was good, and the client's had an error in it: ${quotedEnd(message)}.`,
    evidence: { status: ptc.status, type, code, message: quoted(message) },
    hint: 'A fault of the proxy: report it with this exchange.',
  }
}

function isGood(status: number | null): boolean {
  return status === null || status < 300
}

function isWhole({ isTerminated, error }: AnswerReading): boolean {
  return isTerminated && error === null
}
