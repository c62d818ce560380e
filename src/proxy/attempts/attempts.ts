import type { Clock } from '../../core/clock.ts'
import type { Target } from '../../core/target.ts'
import type { AttemptResult, Failure } from '../answer/receiver.ts'

export interface FailurePolicy {
  maxAttempts: number
  totalBudgetMs: number
  maxWaitMs: number
}

export interface AttemptsParts {
  targets: readonly Target[]
  policy: FailurePolicy
  clock: Clock
  /** Runs one attempt. `mayFailOver`: another target is left. */
  attempt: (target: Target, mayFailOver: boolean) => Promise<AttemptResult>
  /** Aborted when nobody waits for an answer any more. */
  stopped: AbortSignal
  /** Targets that became unusable since the plan was made are passed over. */
  isUsable: (target: Target) => boolean
}

/** All attempts failed, or none may follow: what the client is to be told. */
export interface LastWord {
  failure: Failure
  target: Target
}

/**
 * Tries the targets in order until one has answered (null) or no further attempt may start. Decides by
 * `spec/health-and-routing.md`, Attempts; what reaches the client is not its business.
 */
export async function runAttempts(parts: AttemptsParts): Promise<LastWord | null> {
  const { targets, policy, clock, stopped } = parts
  const startedNs = clock.monotonicNs()
  const elapsedMs = () => (clock.monotonicNs() - startedNs) / 1e6
  let attemptsLeft = policy.maxAttempts
  let index = 0
  for (;;) {
    const target = targets[index]
    if (!target) throw new Error('runAttempts needs at least one target')
    const result = await parts.attempt(target, nextUsable(parts, index) !== null)
    if (result.kind === 'answered') return null
    const next = nextUsable(parts, index)
    const { failure } = result
    // After a timeout with the request sent, both tries may be billed: one more, and no third.
    attemptsLeft = failure.timedOut ? Math.min(attemptsLeft - 1, 1) : attemptsLeft - 1
    const delayMs = untilNextMs(failure, next !== null, policy)
    const fits = delayMs !== null && attemptsLeft > 0 && elapsedMs() + delayMs < policy.totalBudgetMs
    if (fits) await pause(clock, delayMs, stopped)
    if (!fits || stopped.aborted) return { failure, target }
    index = next ?? index
  }
}

/**
 * How long to wait before the next attempt may start; null when none may. The same target is asked again only
 * when there is no other and it said when, and that it had done nothing.
 */
function untilNextMs(failure: Failure, anotherTarget: boolean, policy: FailurePolicy): number | null {
  if (anotherTarget) return failure.mayFailOver ? 0 : null
  const waitMs = failure.notProcessed ? failure.error.retryAfterMs : null
  return waitMs !== null && waitMs <= policy.maxWaitMs ? waitMs : null
}

function nextUsable({ targets, isUsable }: AttemptsParts, after: number): number | null {
  for (let i = after + 1; i < targets.length; i++) if (isUsable(targets[i] as Target)) return i
  return null
}

function pause(clock: Clock, delayMs: number, stopped: AbortSignal): Promise<void> {
  if (delayMs === 0 || stopped.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel()
      stopped.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delayMs, done)
    stopped.addEventListener('abort', done, { once: true })
  })
}
