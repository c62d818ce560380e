import type { CostSource } from '../../core/cost.ts'
import type { IncompleteReason, Outcome } from '../../core/exchange.ts'

/**
 * What statistics take of one exchange, or of one of its attempts where a backend is asked for. Null is unknown.
 */
export interface Fact {
  id: string
  atMs: number
  /** 1, or the number of attempts that this stands for where there is one fact for all. */
  attempts: number
  failedAttempts: number
  outcome: Outcome
  incompleteReason: IncompleteReason | null
  status: number | null
  /** Belongs to a session, and is no helper call. */
  isTurn: boolean
  sessionId: string | null
  ctp: number | null
  ptb: number | null
  btp: number | null
  ptc: number | null
  tokensSource: 'provider' | 'count' | null
  reportedPrompt: number | null
  reportedCompletion: number | null
  reportedTotal: number | null
  cached: number | null
  cacheWrite: number | null
  reasoning: number | null
  costNanoUsd: number | null
  listCostNanoUsd: number | null
  /** What cache reads saved less what cache writes cost more, at the model's rates. */
  cacheSavingsNanoUsd: number | null
  costSource: CostSource | null
  toolCalls: number
  toolNames: readonly string[]
  ttftMs: number | null
  backendWaitMs: number | null
  gapMs: number | null
  streamTps: number | null
  proxyProcessingMs: number | null
  durationMs: number | null
}
