/** What a comparison of models takes of an exchange whose place in a window or whose roll decided who answers. */
export interface ComparedExchange {
  /** `FROM=BACKEND:MODEL`; FROM ends before the first `=`. */
  rule: string
  sessionId: string | null
  decision: 'replaced' | 'lost_roll'
  /** False with the decision `replaced`: that model failed before output, and the one asked for answered. */
  replaced: boolean
  /** For another reason than the client's leaving or the proxy's end. */
  failed: boolean
  ttftMs: number | null
  durationMs: number
  /** As billed. */
  tokens: number | null
  /** What was spent: a plan's list price is not. */
  costUsd: number | null
  toolCalls: number
}
