import type { HeaderPairs } from '../../../core/http.ts'
import { headerValue } from '../../../core/http.ts'
import type { Detector, Fault } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { isRateLimit } from './error-words.ts'
import { placeOf, speakerOf, type Trouble, troublesOf } from './trouble.ts'

const mostHeaders = 12

/** Reference §4.2, 21. */
export const rateLimit: Detector = {
  code: 'rate_limit',
  legacyType: 'rate_limit',
  severity: 'warn',
  summary: 'A limit of requests or tokens was reached, or the provider was overloaded',
  *find(subject) {
    for (const trouble of troublesOf(subject)) {
      if (!isRateLimit(trouble)) continue
      const { status, message, type, code, leg } = trouble
      const retryAfter = headerValue(leg.headers, 'retry-after')
      yield {
        ...placeOf(trouble),
        severity: 'warn',
        fault: faultOf(trouble),
        description: `${speakerOf(trouble)} said that a limit was reached (${status ?? type ?? code ?? 'in its words'})${retryAfter === undefined ? '' : `, to be asked again in ${quoted(retryAfter)}${/^\d+$/.test(retryAfter) ? ' s' : ''}`}.`,
        evidence: {
          ...{ status, type, code },
          message: quoted(message),
          retryAfter: retryAfter ?? null,
          limits: limitHeaders(leg.headers),
        },
        hint: 'Ask less at once (`max_concurrent`), or put another backend behind this one for such times.',
      }
    }
  },
}

/** Limits of the proxy's own are for its clients to keep. */
function faultOf({ attempt, code }: Trouble): Fault {
  return attempt || code === 'backend_limited' ? 'backend' : 'client'
}

/** What providers say of their limits: numbers and times. */
function limitHeaders(headers: HeaderPairs): Record<string, string> {
  const found = headers.filter(([name]) => /^(?:x-|anthropic-)ratelimit-/.test(name))
  return Object.fromEntries(found.slice(0, mostHeaders))
}
