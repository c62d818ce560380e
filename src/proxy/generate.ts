import { headerValue } from '../core/http.ts'
import type { Target } from '../core/target.ts'
import { protocolNamed } from '../protocols/index.ts'
import { isDoubted, type PlanRequest, usabilityOf } from '../routing/plan.ts'
import type { Usability } from '../routing/ports.ts'
import { answerFailure } from './answer/last-word.ts'
import { runAttempts } from './attempts/attempts.ts'
import { awaitTargets } from './attempts/await-targets.ts'
import { HeldPlace } from './attempts/held-place.ts'
import { speaksClients } from './attempts/prepared-request.ts'
import { createTargetAttempt } from './attempts/target-attempt.ts'
import { credentialAt, credentialKey } from './credential-at.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { answerOwnCount, mayCountOurselves } from './own-count.ts'
import { type ReadRequest, readRequest } from './read-request.ts'
import { type ExchangeSpending, exchangeSpending } from './spending/exchange-spending.ts'

/** A call that generates or counts: reads the request, makes the plan, tries its targets, answers. */
export async function generate(run: ExchangeRun): Promise<void> {
  const request = await readRequest(run)
  const place = new HeldPlace()
  try {
    const spending = exchangeSpending(run, request)
    const planned = planRequest(run, request, spending, place)
    const plan = await awaitTargets(run, place, () => run.call.state.router.plan(planned))
    if (plan.fallbackUsed) run.services.backendWatch.onFallback(plan, run.exchange)
    spending?.reserve(plan.targets)
    const lastWord = await runAttempts({
      targets: plan.targets,
      policy: run.call.state.failurePolicy,
      clock: run.services.clock,
      attempt: createTargetAttempt(run, request, place),
      stopped: () => run.bond.stopped,
      closing: run.services.closing,
      isUsable: (target) => {
        const usability = usabilityOf(target, planned)
        const mayBeTried = usability.usable || (plan.fallbackUsed && isDoubted(usability))
        return mayBeTried && (spending?.hasRoomFor(target) ?? true)
      },
    })
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

const usable: Usability = { usable: true }

function planRequest(
  run: ExchangeRun,
  request: ReadRequest,
  spending: ExchangeSpending | null,
  place: HeldPlace,
): PlanRequest {
  const { call, services, exchange } = run
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
    sessionKey: exchange.session && `${exchange.session.id} ${credentialHash ?? ''}`,
    credentialHash,
    isUsable,
    mayUse: call.caller.mayUse,
  }
}
