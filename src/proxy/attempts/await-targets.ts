import { ProxyError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import { fullAt } from '../../routing/availability/availability.ts'
import type { Place } from '../../routing/availability/places.ts'
import { explainEmpty } from '../../routing/explain-empty.ts'
import type { LeftOut, Plan } from '../../routing/plan.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { HeldPlace } from './held-place.ts'
import { StandInLine } from './stand-in-line.ts'

/** The longest wait in line for a place (`spec/health-and-routing.md`). */
const longestInLineMs = 120_000

/**
 * A plan with targets. While all that could serve is full, the exchange waits in line; while it cools down, for the end
 * of that. Throws what `explainEmpty` says where waiting would not help or has lasted too long, and `shutting_down`.
 */
export function awaitTargets(run: ExchangeRun, place: HeldPlace, plan: () => Plan): Plan | Promise<Plan> {
  const first = planNow(run, place, plan)
  return first.made.targets.length > 0 ? first.made : waitInLine(run, place, plan, first)
}

interface TimedPlan {
  made: Plan
  nowMs: number
}

function planNow(run: ExchangeRun, place: HeldPlace, plan: () => Plan): TimedPlan {
  // Before the plan: what that says of a time to come is then to come.
  const nowMs = run.services.clock.nowMs()
  return { nowMs, made: withinLimits(run, plan(), place) }
}

async function waitInLine(
  run: ExchangeRun,
  place: HeldPlace,
  plan: () => Plan,
  first: TimedPlan,
): Promise<Plan> {
  const line = new StandInLine(run)
  try {
    return await awaitOne(run, place, plan, line, first)
  } finally {
    line.leave()
  }
}

async function awaitOne(
  run: ExchangeRun,
  place: HeldPlace,
  plan: () => Plan,
  line: StandInLine,
  first: TimedPlan,
): Promise<Plan> {
  const { clock } = run.services
  // The system's clock may be set while the exchange waits.
  const startedNs = clock.monotonicNs()
  const { maxWaitMs } = run.call.state.failurePolicy
  let ready: TimedPlan | null = first
  for (;;) {
    const { made, nowMs } = ready ?? planNow(run, place, plan)
    ready = null
    if (made.targets.length > 0) return made
    place.giveBack()
    const waitedMs = (clock.monotonicNs() - startedNs) / 1e6
    const full = made.leftOut.filter(({ usability }) => usability.reason === 'full')
    const waits = [
      ...(full.length > 0 ? [longestInLineMs - waitedMs] : []),
      ...cooldownEnds(made.leftOut)
        .map((atMs) => atMs - nowMs)
        .filter((waitMs) => waitedMs + waitMs <= maxWaitMs),
    ].filter((waitMs) => waitMs > 0)
    if (waits.length === 0) throw explainEmpty(made, nowMs)
    if (run.services.closing.aborted) throw notBegun()
    const backends = full.map(({ target }) => target.backend.name)
    place.hold(await line.wait(backends, Math.min(...waits)))
  }
}

/** A place at one backend whose places are all taken. Throws `backend_limited` after too long. */
export async function awaitPlace(run: ExchangeRun, backend: string): Promise<Place> {
  const line = new StandInLine(run)
  const place = await line.wait([backend], longestInLineMs).finally(() => line.leave())
  if (place) return place
  if (run.services.closing.aborted) throw notBegun()
  throw new ProxyError('backend_limited', `${backend}: no place was free within ${longestInLineMs / 1000} s`)
}

function notBegun(): ProxyError {
  return new ProxyError('shutting_down', 'the proxy is shutting down, and this call had to wait', {
    retryAfterMs: 1000,
  })
}

/** What is tried although monitoring doubts it keeps to the limit of its backend too. */
function withinLimits(run: ExchangeRun, plan: Plan, place: HeldPlace): Plan {
  if (!plan.fallbackUsed) return plan
  const { places } = run.services.availability
  const isFree = ({ backend }: Target) => place.backend === backend.name || places.isFree(backend.name)
  const full = plan.targets.filter((target) => !isFree(target))
  return {
    ...plan,
    targets: plan.targets.filter(isFree),
    leftOut: [...plan.leftOut, ...full.map((target): LeftOut => ({ target, usability: fullAt(target) }))],
  }
}

function cooldownEnds(leftOut: readonly LeftOut[]): number[] {
  return leftOut.flatMap(({ usability }) =>
    usability.reason === 'cooldown' ? (usability.retryAtMs ?? []) : [],
  )
}
