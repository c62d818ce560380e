import type { ProxyError } from '../../core/errors.ts'
import type { Attempt } from '../../core/exchange.ts'
import { printable } from '../../core/printable.ts'
import type { AttemptEnd } from '../../routing/availability/attempt-end.ts'

/** Providers say up to 4,000 characters, and each who listens to events may have a thousand of them unread. */
const longestReason = 500

export interface AttemptEndParts {
  /** For what a provider says: others than its client will read it. */
  redactText: (text: string) => string
  /** It was sent with a provider key of the proxy's. */
  withOurKey: boolean
}

/** What the end of an attempt says of its backend (`spec/health-and-routing.md`, Circuit breaker). */
export function attemptEnd(
  { error, model }: Attempt,
  { redactText, withOurKey }: AttemptEndParts,
): AttemptEnd {
  if (error === null) return { kind: 'works' }
  const words = printable(redactText(error.message), longestReason)
  switch (error.code) {
    case 'backend_error':
      return reportedEnd(error, words, model, withOurKey)
    case 'connect_failed':
    case 'backend_timeout':
    case 'backend_closed':
    case 'backend_truncated':
    case 'backend_answer':
      return { kind: 'fails', reason: words }
    default:
      return { kind: 'neutral' }
  }
}

/** Of a status, or of an error that stood in a stream. */
function reportedEnd(
  error: ProxyError,
  words: string,
  model: string | null,
  withOurKey: boolean,
): AttemptEnd {
  const { status, retryAfterMs } = error
  const reason = `status ${status}: ${words}`
  if (status === 429 || (status === 503 && retryAfterMs !== null)) {
    return { kind: 'limited', reason, retryAfterMs }
  }
  if (status >= 500) return { kind: 'fails', reason }
  if (status === 408) return { kind: 'neutral' }
  const isCertain = namesKey(error)
  if (isCertain || status === 401) {
    // A client must see each refusal of its own key: that is how it learns to log in anew.
    if (!withOurKey) return { kind: 'works' }
    return { kind: 'key_refused', reason: `(${status}): ${words}`, certain: isCertain }
  }
  if ((status === 403 || status === 404) && namesModel(error, model)) return { kind: 'model_refused', reason }
  return { kind: 'works' }
}

/** Google says so with 400 (`API_KEY_INVALID`), others with 403. A 401 alone may be a hiccup. */
function namesKey({ status, message, providerCode }: ProxyError): boolean {
  if (providerCode === 'API_KEY_INVALID') return true
  return status === 403 && /\b(?:api|secret|access)[ _-]?key\b|\bcredentials?\b/i.test(message)
}

/** Else it is the address that is not there, or something that the request asks for. */
function namesModel({ message, providerCode, param }: ProxyError, model: string | null): boolean {
  if (param === 'model' || providerCode === 'model_not_found') return true
  return (model !== null && message.includes(model)) || /\bmodels?\b/i.test(message)
}
