import type { ProxyError } from '../../core/errors.ts'
import type { AttemptResult, Failure } from './receiver.ts'

/** The result of an attempt of which nothing reached the client; `about` says what differs from a mere break-off. */
export function failedAttempt(error: ProxyError, about: Partial<Omit<Failure, 'error'>> = {}): AttemptResult {
  const timedOut = error.code === 'backend_timeout'
  return {
    kind: 'failed',
    failure: { error, mayFailOver: true, notProcessed: false, timedOut, answer: null, asked: true, ...about },
  }
}
