/** That a session is not to be replaced any more, or may be again. */
export interface OptOutChange {
  /** Whose session of which id is meant. */
  key: string
  isOptedOut: boolean
  atMs: number
}

/** Which of two changes of one session counts: the later one, and of two at the same time the removal. */
export function supersedes(change: OptOutChange, known: OptOutChange | undefined): boolean {
  if (known === undefined || change.atMs > known.atMs) return true
  return change.atMs === known.atMs && known.isOptedOut && !change.isOptedOut
}
