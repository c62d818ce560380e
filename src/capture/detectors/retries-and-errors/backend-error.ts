import type { Detector, Finding, Subject } from '../detector.ts'
import { quoted, quotedEnd } from '../quoted.ts'
import { isAuth, isQuota, isRateLimit } from './error-words.ts'
import { refusedCredentialFault, refusedCredentialHint, refusedRequestFault } from './request-fault.ts'
import { placeOf, speakerOf, type Trouble, troublesOf } from './trouble.ts'

/** Reference §4.2, 23: an error that is no limit's. */
export const backendError: Detector = {
  code: 'backend_error',
  legacyType: 'backend_error',
  severity: 'error',
  summary: 'A backend answered with an error, or could not be asked',
  *find(subject) {
    for (const trouble of troublesOf(subject)) {
      if (trouble.kind !== 'local' && !isRateLimit(trouble) && !isQuota(trouble))
        yield findingOf(subject, trouble)
    }
  },
}

function findingOf(subject: Subject, trouble: Trouble): Finding {
  const { status, message, type, code, isRecovered } = trouble
  // Who counts tokens asks again elsewhere, or counts by itself.
  const isCount = subject.exchange.closed?.purpose === 'count_tokens'
  return {
    ...placeOf(trouble),
    severity: isRecovered ? (isCount ? 'note' : 'warn') : 'error',
    ...faultOf(subject, trouble),
    description: `${said(trouble)}.${isRecovered ? ' The client was answered all the same.' : ''}`,
    evidence: { status, type, code, message: quoted(message) },
    hint: hintOf(trouble),
  }
}

function said(trouble: Trouble): string {
  const { kind, status, code, type, message } = trouble
  const who = speakerOf(trouble)
  const words = message === '' ? '' : `: ${quotedEnd(message)}`
  if (kind === 'unanswered') return `${who} gave no answer (${code ?? trouble.leg.end?.why ?? 'lost'})`
  if (kind === 'told')
    return `${who} reported an error within its answer${words || ` (${code ?? type ?? status})`}`
  return `${who} answered ${status ?? 'with an error'}${words}`
}

function faultOf(subject: Subject, trouble: Trouble): Pick<Finding, 'fault' | 'confidence'> {
  const { kind, status, code, attempt, leg } = trouble
  if (kind === 'unanswered') {
    const isUnreached = code === 'connect_failed' || code === 'backend_closed' || leg.end?.why === 'error'
    return { fault: isUnreached ? 'network' : 'backend' }
  }
  // As `auth_error` says of the same answer.
  if (attempt && isAuth(trouble)) return refusedCredentialFault(subject, attempt)
  if (kind === 'refused' && attempt && status !== null && status < 500 && status !== 408) {
    return refusedRequestFault(subject, attempt)
  }
  return { fault: 'backend' }
}

function hintOf(trouble: Trouble): string {
  const { kind, status } = trouble
  if (isAuth(trouble)) return refusedCredentialHint
  if (kind === 'unanswered')
    return 'Look whether it can be reached: `llmproxy health`, and the log of the proxy.'
  if (kind === 'refused' && status !== null && status < 500) {
    return 'The request itself is refused, so that asking again cannot help: compare CTP and PTB of this exchange.'
  }
  return 'Ask again later, or put another backend behind this one.'
}
