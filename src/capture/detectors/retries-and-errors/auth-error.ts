import type { Detector, Finding, Subject } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { isAuth } from './error-words.ts'
import { refusedCredentialFault, refusedCredentialHint } from './request-fault.ts'
import { placeOf, speakerOf, type Trouble, troublesOf } from './trouble.ts'

/** Reference §4.2, 26. */
export const authError: Detector = {
  code: 'auth_error',
  severity: 'error',
  summary: 'A key or login was refused, or may not do what was asked',
  *find(subject) {
    for (const trouble of troublesOf(subject)) {
      if (!isAuth(trouble)) continue
      const { status, message, type, code, isRecovered } = trouble
      yield {
        ...placeOf(trouble),
        severity: isRecovered ? 'warn' : 'error',
        ...faultOf(subject, trouble),
        description: `${speakerOf(trouble)} refused the key or login (${status ?? code ?? type ?? 'in its words'}).${isRecovered ? ' Another attempt answered.' : ''}`,
        evidence: { status, type, code, message: quoted(message) },
        hint: hintOf(trouble),
      }
    }
  },
}

function faultOf(subject: Subject, { attempt }: Trouble): Pick<Finding, 'fault' | 'confidence'> {
  return attempt ? refusedCredentialFault(subject, attempt) : { fault: 'client' }
}

function hintOf({ attempt }: Trouble): string {
  return attempt
    ? refusedCredentialHint
    : 'The client must send one of the access keys of this proxy: `llmproxy key`.'
}
