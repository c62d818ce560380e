import type { Attempt, Exchange } from '../core/exchange.ts'

/** Whether an exchange counts as an error: who left, or was turned away, does not (as `error_count` in `spec/usage.md`). */
export function isError({ outcome, incompleteReason }: Exchange): boolean {
  return outcome === 'error' || (outcome === 'incomplete' && incompleteReason !== 'client_disconnect')
}

/** Not the backend's doing. */
const ownEnds: ReadonlySet<string> = new Set(['client_gone', 'shutting_down'])

export function hasFailed({ error }: Attempt): boolean {
  return error !== null && !ownEnds.has(error.code)
}

/** Calls whose answers are read as they pass. */
export function isDecoded({ callPurpose }: Exchange): boolean {
  return callPurpose === 'chat' || callPurpose === 'title' || callPurpose === 'count_tokens'
}
