import type { Credential } from '../../backends/credentials.ts'
import type { Target } from '../../core/target.ts'
import type { Begun } from '../../routing/availability/availability.ts'
import { credentialKey } from '../credential-at.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { awaitPlace } from './await-targets.ts'
import type { HeldPlace } from './held-place.ts'

/**
 * An attempt takes a place at its backend and begins there; with its end, which must be told, the place is free. In the
 * same turn in which the target was found usable, where a place is free.
 */
export async function visitBackend(
  run: ExchangeRun,
  target: Target,
  credential: Credential,
  held: HeldPlace,
): Promise<Begun> {
  const { availability, backendWatch } = run.services
  const place =
    held.take(availability.places, target.backend.name) ?? (await awaitPlace(run, target.backend.name))
  backendWatch.used(target.backend)
  const begun = availability.begin(target, credentialKey(credential))
  return {
    content: () => begun.content(),
    ended(end) {
      begun.ended(end)
      place.giveBack()
    },
  }
}
