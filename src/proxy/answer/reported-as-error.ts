import { ProxyError } from '../../core/errors.ts'
import type { Event } from '../../core/event.ts'

/** An error that a provider put into an answer that began with 200. */
export function reportedAsError(event: Extract<Event, { type: 'error' }>): ProxyError {
  return new ProxyError('backend_error', event.message, {
    status: event.status !== null && event.status >= 400 ? event.status : 502,
    providerType: event.errorType,
    providerCode: event.code,
    ...(event.retryAfterMs === null ? {} : { retryAfterMs: event.retryAfterMs }),
  })
}
