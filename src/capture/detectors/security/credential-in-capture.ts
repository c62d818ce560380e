import { legsOf } from '../../view/window.ts'
import type { Detector, Finding } from '../detector.ts'
import { credentialsOf, overwritten } from './overwritten.ts'

/** Reference §4.2, 70: the file itself is a leak. */
export const credentialInCapture: Detector = {
  code: 'credential_in_capture',
  severity: 'error',
  summary: 'The capture holds a credential that was not overwritten',
  *find({ exchange }) {
    for (const leg of legsOf(exchange)) {
      for (const { place, value } of credentialsOf(leg)) {
        if (overwritten(value)) continue
        const finding: Finding = {
          severity: 'error',
          fault: 'proxy',
          leg: leg.leg,
          attempt: leg.attempt,
          entry: leg.headEntry,
          atNs: leg.headAtNs,
          description: `The file has the value of ${place} on ${leg.leg} (${value.length} characters) as it was sent.`,
          evidence: { place, length: value.length, version: exchange.version },
          hint: 'Change this key, and do not pass this file on; captures of this program overwrite keys before they are written.',
        }
        yield finding
      }
    }
  },
}
