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
  /** Aborted when nobody waits for an answer any more. Asked for only between attempts. */
  stopped: () => AbortSignal
  /** Aborted when the proxy is to end: no wait begins or goes on. */
  closing: AbortSignal
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
  const { targets, policy, clock } = parts
  const startedNs = clock.monotonicNs()
  const elapsedMs = () => (clock.monotonicNs() - startedNs) / 1e6
  let attemptsLeft = policy.maxAttempts
  let index = 0
  let last: LastWord | null = null
  for (;;) {
    const target = targets[index]
    if (!target) throw new Error('runAttempts needs at least one target')
    const result = await parts.attempt(target, nextUsable(parts, index) !== null)
    if (result.kind === 'answered') return null
    const next = nextUsable(parts, index)
    const { failure } = result
    // What a provider said is worth more than that another could not be asked at all.
    if (failure.asked || last === null) last = { failure, target }
    attemptsLeft = attemptsLeftAfter(failure, attemptsLeft)
    const delayMs = untilNextMs(failure, next !== null, policy)
    const fits = delayMs !== null && attemptsLeft > 0 && elapsedMs() + delayMs < policy.totalBudgetMs
    if (fits) await pause(clock, delayMs, [parts.stopped(), parts.closing])
    if (!fits || isCutShort(parts, next)) return last
    index = next ?? index
  }
}

/** After a timeout with the request sent, both tries may be billed: one more, and no third. */
function attemptsLeftAfter({ asked, timedOut }: Failure, attemptsLeft: number): number {
  if (!asked) return attemptsLeft
  return timedOut ? Math.min(attemptsLeft - 1, 1) : attemptsLeft - 1
}

/** Nobody waits any more, or the proxy ends while only the same target is left to be waited for. */
function isCutShort({ stopped, closing }: AttemptsParts, next: number | null): boolean {
  return stopped().aborted || (closing.aborted && next === null)
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

function pause(clock: Clock, delayMs: number, endedBy: readonly AbortSignal[]): Promise<void> {
  if (delayMs === 0 || endedBy.some((signal) => signal.aborted)) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel()
      for (const signal of endedBy) signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delayMs, done)
    for (const signal of endedBy) signal.addEventListener('abort', done, { once: true })
  })
}
