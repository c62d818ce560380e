import type { BookLine, Ending } from './books.ts'
import type { ExchangePlan } from './plan.ts'

/** The attempt's error in the ledger's words, by how the provider saw it end. */
const errors: Record<Exclude<Ending, 'caller gone'>, string | null> = {
  complete: null,
  refused: 'backend_error',
  cut: 'backend_closed',
  'ended early': 'backend_truncated',
  'error event': 'backend_error',
  uncalled: 'nobody planned this attempt',
}

export function endOfAttempt(plan: ExchangePlan, line: BookLine): string | null {
  if (line.ending !== 'caller gone') return errors[line.ending]
  // Who is left by its caller has either been waited for too long, or the client is gone.
  return plan.leaves ? 'client_gone' : 'backend_timeout'
}

export interface End {
  outcome: string
  incompleteReason: string | null
  errorType: string | null
  /** Null: as the client saw it, there is nothing more to say. */
  status: number | null
}

const reasons: Record<string, string> = {
  backend_closed: 'backend_error',
  backend_truncated: 'truncated',
  backend_error: 'backend_error',
  backend_timeout: 'timeout',
}
/** Of an exchange of which nothing had reached the client. */
const statuses: Record<string, number> = {
  backend_closed: 502,
  backend_truncated: 502,
  backend_timeout: 504,
}

/** How the exchange ended, by the last attempt's line. */
export function endOfExchange(plan: ExchangePlan, last: BookLine | undefined): End {
  if (!last) return { outcome: 'rejected', incompleteReason: null, errorType: rejection(plan), status: 400 }
  const errorType = endOfAttempt(plan, last)
  if (plan.leaves)
    return { outcome: 'incomplete', incompleteReason: 'client_disconnect', errorType, status: null }
  if (errorType === null) return { outcome: 'complete', incompleteReason: null, errorType, status: 200 }
  if (plan.stream && last.text !== '')
    return { outcome: 'incomplete', incompleteReason: reasons[errorType] ?? null, errorType, status: 200 }
  return { outcome: 'error', incompleteReason: null, errorType, status: statuses[errorType] ?? null }
}

function rejection({ client }: ExchangePlan): string {
  return client === 'gemini' ? 'bad_json' : 'model_missing'
}
