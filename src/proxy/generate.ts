import type { Exchange } from '../core/exchange.ts'
import { headerValue } from '../core/http.ts'
import type { Target } from '../core/target.ts'
import { protocolNamed } from '../protocols/index.ts'
import { isDoubted, type PlanRequest, usabilityOf } from '../routing/plan.ts'
import type { Usability } from '../routing/ports.ts'
import { answerFailure } from './answer/last-word.ts'
import { type LastWord, runAttempts } from './attempts/attempts.ts'
import { awaitTargets } from './attempts/await-targets.ts'
import { HeldPlace } from './attempts/held-place.ts'
import { speaksClients } from './attempts/prepared-request.ts'
import { createTargetAttempt } from './attempts/target-attempt.ts'
import { credentialAt, credentialKey } from './credential-at.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { answerOwnCount, mayCountOurselves } from './own-count.ts'
import { type ReadRequest, readRequest } from './read-request.ts'
import { replacedPlan } from './replacing/replaced-plan.ts'
import { type ExchangeSpending, exchangeSpending } from './spending/exchange-spending.ts'

/** A call that generates or counts: reads the request, makes the plan, tries its targets, answers. */
export async function generate(run: ExchangeRun): Promise<void> {
  const request = await readRequest(run)
  const place = new HeldPlace()
  try {
    const lastWord = await tryAll(run, request, place)
    if (!lastWord) return
    if (mayCountOurselves(run, lastWord.failure) && (await answerOwnCount(run, request))) return
    await answerFailure({
      redactText: run.services.redactText,
      failure: lastWord.failure,
      exchange: run.exchange,
      protocol: protocolNamed(run.call.route.protocol),
      outlet: run.outlet,
      withOurKey: credentialAt(run.call, request.credential, lastWord.target.backend).kind === 'proxy',
      backend: lastWord.target.backend.name,
      clientAcceptEncoding: headerValue(run.call.headers, 'accept-encoding'),
      isForeign: !speaksClients(run, lastWord.target.backend),
    })
  } finally {
    place.giveBack()
    request.body.release()
  }
}

/** Another model, where one replaces it, and then what was asked for. Null: one has answered. */
async function tryAll(run: ExchangeRun, request: ReadRequest, place: HeldPlace): Promise<LastWord | null> {
  const { call, services, bond, exchange } = run
  const { router, failurePolicy } = call.state
  const spending = exchangeSpending(run, request)
  const planned = planRequest(run, request, spending, place)
  const asked = router.plan(planned)
  const askedType = asked.first?.backend.type ?? null
  const common = {
    clock: services.clock,
    stopped: () => bond.stopped,
    closing: services.closing,
  }
  const isUsable = (target: Target, fallbackUsed: boolean) => {
    const usability = usabilityOf(target, planned)
    const mayBeTried = usability.usable || (fallbackUsed && isDoubted(usability))
    return mayBeTried && (spending?.hasRoomFor(target) ?? true)
  }
  let policy = failurePolicy
  const replaced = replacedPlan(run, planned, asked, (targets) => spending?.admits(targets) ?? true)
  if (replaced !== null) {
    planFollows(exchange, replaced.targets.length, policy.maxAttempts)
    const attempt = createTargetAttempt(run, request, place, { replaces: true, askedType })
    const lastWord = await runAttempts({
      ...common,
      targets: replaced.targets,
      policy: { ...policy, maxWaitMs: 0 },
      // What was asked for is always left to be tried.
      attempt: (target) => attempt(target, true),
      isUsable: (target) => isUsable(target, false),
    })
    if (lastWord === null || bond.stopped.aborted) return lastWord
    replaced.failed()
    if (lastWord.failure.timedOut) policy = { ...policy, maxAttempts: 1 }
  }
  let ready = replaced === null ? asked : null
  const plan = await awaitTargets(run, place, () => {
    const made = ready ?? router.plan(planned)
    ready = null
    return made
  })
  if (plan.fallbackUsed) services.backendWatch.onFallback(plan, exchange)
  spending?.reserve(plan.targets)
  planFollows(exchange, plan.targets.length, policy.maxAttempts)
  return runAttempts({
    ...common,
    targets: plan.targets,
    policy,
    attempt: createTargetAttempt(run, request, place, { replaces: false, askedType }),
    isUsable: (target) => isUsable(target, plan.fallbackUsed),
  })
}

/** A plan is about to be carried out, after the attempts of another one or as the first. */
function planFollows(exchange: Exchange, targets: number, maxAttempts: number): void {
  exchange.plannedAttempts = exchange.attempts.length + Math.min(targets, maxAttempts)
}

const usable: Usability = { usable: true }

function planRequest(
  run: ExchangeRun,
  request: ReadRequest,
  spending: ExchangeSpending | null,
  place: HeldPlace,
): PlanRequest {
  const { call, services } = run
  const { family } = protocolNamed(call.route.protocol)
  const credentialHash = request.credential?.hash ?? null
  const isUsable = (target: Target): Usability => {
    const choice = credentialAt(call, request.credential, target.backend)
    if (choice.kind === 'missing') return { usable: false, reason: 'no_credential', message: choice.message }
    const priced = spending?.usabilityOf(target) ?? usable
    if (!priced.usable) return priced
    return services.availability.usabilityOf(target, credentialKey(choice), place.backend)
  }
  return {
    protocol: call.route.protocol,
    family,
    model: request.model,
    pinned: call.route.pinned,
    sessionKey: request.sessionKey,
    credentialHash,
    isUsable,
    mayUse: call.caller.mayUse,
  }
}
