import type { Credential } from '../../backends/credentials.ts'
import { type ErrorCode, ProxyError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { type Target, targetName } from '../../core/target.ts'
import type { Begun } from '../../routing/availability/availability.ts'
import type { Place } from '../../routing/availability/places.ts'
import type { LeftOutReason } from '../../routing/ports.ts'
import { credentialKey } from '../credential-at.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { awaitPlace } from './await-targets.ts'
import type { HeldPlace } from './held-place.ts'

/** What no fallback may pass over, and what a client is told of it. */
const refusals: { readonly [reason in LeftOutReason]?: ErrorCode } = {
  cooldown: 'backend_limited',
  misconfigured: 'provider_key_refused',
  excluded_model: 'unknown_model',
}
const codes: ReadonlySet<string> = new Set(Object.values(refusals))

/** Whether `visitBackend` threw it for its target: nothing was sent, and another target may well serve. */
export function isOfTarget({ code }: ProxyError): boolean {
  return codes.has(code)
}

/** Null: an attempt may begin, for all that others have met there since the target was chosen. */
export function refusalAt(run: ExchangeRun, target: Target, credential: Credential): ProxyError | null {
  const { availability, clock } = run.services
  const now = availability.usabilityOf(target, credentialKey(credential), target.backend.name)
  const code = now.usable ? undefined : refusals[now.reason]
  if (now.usable || code === undefined) return null
  const retryAfterMs = Math.max(1, (now.retryAtMs ?? 0) - clock.nowMs())
  return new ProxyError(code, `${printable(targetName(target), 300)}: ${now.message}`, {
    ...(now.reason === 'cooldown' && { retryAfterMs }),
  })
}

/**
 * An attempt takes a place at its backend and begins there; with its end, which must be told, the place is free. Throws
 * `refusal`, which is asked for when there is a place, in the same turn in which the attempt begins; and
 * `backend_limited` where no place became free.
 */
export function visitBackend(
  run: ExchangeRun,
  target: Target,
  credential: Credential,
  held: HeldPlace,
  refusal: typeof refusalAt = () => null,
): Begun | Promise<Begun> {
  const { places } = run.services.availability
  const begin = (place: Place): Begun => beginAt(place, run, target, credential, refusal)
  const place = held.take(places, target.backend.name)
  return place ? begin(place) : awaitPlace(run, target.backend.name).then(begin)
}

function beginAt(
  place: Place,
  run: ExchangeRun,
  target: Target,
  credential: Credential,
  refusal: typeof refusalAt,
): Begun {
  const { availability, backendWatch } = run.services
  const refused = refusal(run, target, credential)
  if (refused !== null) {
    place.giveBack()
    throw refused
  }
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
