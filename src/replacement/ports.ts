/** One exchange that a rule decided about by its roll or its window, as effectiveness compares it. */
export interface ComparedExchange {
  /** `FROM=BACKEND:MODEL`; FROM ends before the first `=`. */
  rule: string
  sessionId: string | null
  decision: 'replaced' | 'lost_roll'
  /** The replacement really answered. False with the decision `replaced`: it failed before output, the original answered. */
  replaced: boolean
  /** Outcome `error`, or incomplete for another reason than the client's leaving or the proxy's end. */
  failed: boolean
  ttftMs: number | null
  durationMs: number
  tokens: number | null
  costUsd: number | null
  toolCalls: number
}
