import { headerValue } from '../../core/http.ts'
import type { Target } from '../../core/target.ts'
import type { Plan, PlanRequest } from '../../routing/plan.ts'
import type { ExchangeRun } from '../exchange-run.ts'

/** Another model answers this exchange, if it can. */
export interface ReplacedPlan {
  targets: readonly Target[]
  /** It has failed before output: the model that was asked for answers now. */
  failed(): void
}

/**
 * Asks replacement about an exchange whose plan is made, and writes down what it decides. Null: what was asked for
 * answers. Only conversations are asked about: helper calls take no turn and must not use one up. `admits`: there is
 * money for them.
 */
export function replacedPlan(
  run: ExchangeRun,
  request: PlanRequest,
  asked: Plan,
  admits: (targets: readonly Target[]) => boolean,
): ReplacedPlan | null {
  const { call, exchange, services } = run
  const { session } = exchange
  const { first } = asked
  if (exchange.callPurpose !== 'chat' || session === null || first === null) return null
  if (!request.mayUse(first)) return null
  let targets: readonly Target[] = []
  const verdict = services.decideReplacement(
    {
      session: { id: session.id, key: request.sessionKey ?? session.id, turn: session.turn },
      user: exchange.proxyUser,
      isOptedOut: headerValue(call.headers, 'x-disable-replacement')?.trim().toLowerCase() === 'true',
      asked: {
        backend: first.backend.name,
        backendType: first.backend.type,
        model: first.model ?? request.model ?? '',
      },
    },
    (to) => {
      const plan = call.state.router.planAt(to, request)
      // What monitoring doubts is tried when nothing else is left, and what was asked for is.
      targets = plan.fallbackUsed ? [] : plan.targets
      return targets.length > 0 && admits(targets)
    },
  )
  exchange.replacement = verdict && { rule: verdict.rule, decision: verdict.decision }
  if (!verdict?.replaced) return null
  const { place } = verdict.replaced
  run.onClosed = () => place.closed()
  return { targets, failed: () => place.failed() }
}
