import type { ProxyError } from '../core/errors.ts'
import type { IncompleteReason } from '../core/exchange.ts'

/** Why an answer that had begun was not finished, from the error that ended it. */
export function incompleteReason(error: ProxyError): IncompleteReason {
  switch (error.code) {
    case 'backend_timeout':
      return 'timeout'
    case 'backend_truncated':
      return 'truncated'
    case 'client_gone':
      return 'client_disconnect'
    case 'shutting_down':
      return 'shutdown'
    default:
      return 'backend_error'
  }
}
