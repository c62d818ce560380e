import { ProxyError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import { fullAt } from '../../routing/availability/availability.ts'
import type { Place } from '../../routing/availability/places.ts'
import { explainEmpty } from '../../routing/explain-empty.ts'
import type { LeftOut, Plan } from '../../routing/plan.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { HeldPlace } from './held-place.ts'

/** The longest wait in line for a place (`spec/health-and-routing.md`). */
const longestInLineMs = 120_000

/**
 * A plan with targets. While all that could serve is full, the exchange waits in line; while it cools down, for the end
 * of that. Throws what `explainEmpty` says where waiting would not help or has lasted too long, and `shutting_down`.
 */
export async function awaitTargets(run: ExchangeRun, place: HeldPlace, plan: () => Plan): Promise<Plan> {
  const { clock } = run.services
  const startedMs = clock.nowMs()
  const { maxWaitMs } = run.call.state.failurePolicy
  for (;;) {
    const made = withinLimits(run, plan(), place)
    if (made.targets.length > 0) return made
    place.giveBack()
    const nowMs = clock.nowMs()
    const full = made.leftOut.filter(({ usability }) => usability.reason === 'full')
    const ends = [
      ...(full.length > 0 ? [startedMs + longestInLineMs] : []),
      ...cooldownEnds(made.leftOut).filter((atMs) => atMs <= startedMs + maxWaitMs),
    ].filter((atMs) => atMs > nowMs)
    if (ends.length === 0) throw explainEmpty(made, nowMs)
    if (run.services.closing.aborted) throw notBegun()
    const backends = full.map(({ target }) => target.backend.name)
    place.hold(await waitInLine(run, backends, Math.min(...ends) - nowMs))
  }
}

/** A place at one backend whose places are all taken. Throws `backend_limited` after too long. */
export async function awaitPlace(run: ExchangeRun, backend: string): Promise<Place> {
  const place = await waitInLine(run, [backend], longestInLineMs)
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

/** Null when the time is over. Throws when the client leaves. */
function waitInLine(run: ExchangeRun, backends: readonly string[], forMs: number): Promise<Place | null> {
  const { exchange, observation, services, bond } = run
  const { stopped } = bond
  const sinceNs = observation.nowNs()
  return new Promise<Place | null>((resolve) => {
    const endedBy = [stopped, services.closing]
    const done = (place: Place | null) => {
      timer.cancel()
      leave()
      for (const signal of endedBy) signal.removeEventListener('abort', onAbort)
      resolve(place)
    }
    const onAbort = () => done(null)
    let leave = () => {}
    const timer = services.clock.after(forMs, () => done(null))
    for (const signal of endedBy) signal.addEventListener('abort', onAbort, { once: true })
    if (endedBy.some((signal) => signal.aborted)) return done(null)
    if (backends.length > 0) {
      leave = services.availability.places.wait(exchange.session?.id ?? exchange.id, backends, done)
    }
  })
    .finally(() => {
      exchange.queuedNs += observation.nowNs() - sinceNs
    })
    .then((place) => {
      if (!stopped.aborted) return place
      place?.giveBack()
      throw stopped.reason
    })
}
