import type { Backend } from '../core/backend.ts'
import type { Target } from '../core/target.ts'

/** Why a target cannot serve an exchange now. The first two are monitoring's view, which may be wrong. */
export type LeftOutReason =
  | 'endpoint_unhealthy'
  | 'open'
  | 'cooldown'
  | 'misconfigured'
  | 'no_credential'
  | 'full'
  | 'excluded_model'
  | 'not_allowed'
  | 'no_price'

export type Usability =
  | { usable: true }
  | {
      usable: false
      reason: LeftOutReason
      /** A clause that reads on after the target's name and a colon. */
      message: string
      /** When it may be usable again. */
      retryAtMs?: number
    }

/** Asked while planning, possibly more than once for a target: must answer at once and change nothing. */
export type IsUsable = (target: Target) => Usability

/** Whether the access key may use a target (`auth.api_keys[].models`). */
export type MayUse = (target: Target) => boolean

export interface RoutingPorts {
  /** Whether a backend lists the model, as far as the client with this credential can know; undefined: unknown. */
  listsModel(backend: Backend, model: string, credentialHash: string | null): boolean | undefined
}
