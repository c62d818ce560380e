import type { Backend } from '../../src/core/backend.ts'
import type { ProviderFamily } from '../../src/core/protocol.ts'
import { type Target, targetName } from '../../src/core/target.ts'
import type { Plan, PlanRequest } from '../../src/routing/plan.ts'
import type { LeftOutReason, Usability } from '../../src/routing/ports.ts'
import { createRouter, type RouterSettings } from '../../src/routing/router.ts'

/** What is wrong with a backend or target, by its name. */
export type Faults = Record<string, LeftOutReason | { reason: LeftOutReason; retryAtMs: number }>

export interface World {
  faults: Faults
  /** Known lists by backend; a backend that is missing has an unknown list. */
  lists: Record<string, readonly string[]>
  forbidden: readonly string[]
}

export interface Ask extends Partial<PlanRequest> {
  /** Sets family and protocol of a client that speaks it natively. */
  as?: ProviderFamily
}

const protocols = { openai: 'openai-chat', anthropic: 'anthropic-messages', gemini: 'gemini' } as const

/** A router over backends whose state a test sets through `world`. */
export function aRouter(backends: readonly Backend[], settings: Partial<RouterSettings> = {}) {
  const world: World = { faults: {}, lists: {}, forbidden: [] }
  const router = createRouter(
    { backends, aliases: [], failoverRoutes: {}, defaultBackend: null, ...settings },
    { listsModel: (backend, model) => world.lists[backend.name]?.includes(model) },
  )
  const plan = (model: string | null, { as = 'openai', ...ask }: Ask = {}): Plan =>
    router.plan({
      protocol: protocols[as],
      family: as,
      model,
      pinned: null,
      sessionKey: null,
      credentialHash: null,
      isUsable: (target) => usability(world.faults, target),
      mayUse: (target) => !world.forbidden.includes(targetName(target)),
      ...ask,
    })
  return { world, plan }
}

function usability(faults: Faults, target: Target): Usability {
  const fault = faults[targetName(target)] ?? faults[target.backend.name]
  if (fault === undefined) return { usable: true }
  const { reason, ...rest } = typeof fault === 'string' ? { reason: fault } : fault
  return { usable: false, reason, message: `it is ${reason}`, ...rest }
}

export const tried = (plan: Plan) => plan.targets.map(targetName)
export const leftOut = (plan: Plan) =>
  plan.leftOut.map(({ target, usability }) => `${targetName(target)} ${usability.reason}`)
