import type { Detector } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { isQuota } from './error-words.ts'
import { placeOf, speakerOf, troublesOf } from './trouble.ts'

/** Reference §4.2, 22: a limit that no waiting lifts. */
export const quotaExhausted: Detector = {
  code: 'quota_exhausted',
  severity: 'error',
  summary: "The provider's account has no quota or credit left",
  *find(subject) {
    for (const trouble of troublesOf(subject)) {
      if (trouble.kind === 'local' || !isQuota(trouble)) continue
      const { status, message, type, code, isRecovered } = trouble
      yield {
        ...placeOf(trouble),
        severity: isRecovered ? 'warn' : 'error',
        fault: 'backend',
        description: `${speakerOf(trouble)} said that its account had nothing left (${status ?? code ?? type ?? 'in its words'}).${isRecovered ? ' Another attempt answered.' : ''}`,
        evidence: { status, type, code, message: quoted(message) },
        hint: "Waiting does not help: see to the provider's billing, or ask another backend.",
      }
    }
  },
}
