export type CheckKind = 'ping' | 'http'

/** What a check found out. */
export type Outcome =
  | { kind: 'success'; latencyMs: number | null; status: number | null }
  | { kind: 'failure'; error: string; status: number | null }
  /** The check could not be made here: this says nothing about the endpoint. */
  | { kind: 'unavailable'; reason: string }

export interface RunningCheck {
  /** Never rejects. Resolves also after `cancel`, as soon as nothing is left; it then means nothing. */
  outcome: Promise<Outcome>
  cancel(): void
}

export function failure(error: string, status: number | null = null): Outcome {
  return { kind: 'failure', error, status }
}

export function unavailable(reason: string): Outcome {
  return { kind: 'unavailable', reason }
}

/** `5 s`, `0.5 s`: how long was waited for an answer. */
export function noAnswerWithin(timeoutMs: number): Outcome {
  return failure(`no answer within ${timeoutMs / 1000} s`)
}
