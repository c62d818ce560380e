import type { Config } from '../../config/schema.ts'
import { accessKeyHash } from '../../core/access-key.ts'
import type { Clock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import type { HeaderPairs } from '../../core/http.ts'
import { addressTest } from '../guard/addresses.ts'
import type { Caller } from './caller.ts'
import { clientAddress } from './client-address.ts'
import { type KeyPlace, type OfferedKey, offeredKeys } from './key-places.ts'
import { type KeyOwner, keyRing } from './key-ring.ts'
import { requestLimit } from './request-limit.ts'
import { wrongKeys } from './wrong-keys.ts'

export type AccessSettings = Pick<Config['auth'], 'disable_auth' | 'api_keys' | 'trusted_proxies'>

/** Who may use this proxy. */
export interface Access {
  /** How many access keys open it; 0: none is asked for. */
  readonly keyCount: number
  /** Throws access_key_missing, access_key_wrong or too_many_wrong_keys. */
  identify(headers: HeaderPairs, rawUrl: string, remoteAddress: string): Caller
  /** Counts a request against `requests_per_minute`; throws request_limit. */
  takeRequest(caller: Caller): void
  isTrustedProxy(address: string): boolean
  /** Whether a value is an access key of anybody's: it is then never a provider's. */
  isAccessKey(value: string): boolean
  /** Takes a reloaded configuration for the next request; what was counted stays. */
  configure(settings: AccessSettings): void
}

export function createAccess(initial: AccessSettings, clock: Clock): Access {
  let ring = keyRing([])
  let isTrusted = addressTest([])
  const wrong = wrongKeys(clock)

  function configure(settings: AccessSettings): void {
    ring = keyRing(settings.disable_auth ? [] : settings.api_keys)
    isTrusted = addressTest(settings.trusted_proxies)
  }
  configure(initial)

  return {
    get keyCount() {
      return ring.size
    },
    identify(headers, rawUrl, remoteAddress) {
      if (ring.size === 0) return { kind: 'open' }
      const offered = offeredKeys(headers, rawUrl)
      const found = offered.map((key) => ({ ...key, owner: ring.ownerOf(key.value) }))
      const meant = meantAsAccessKey(found)
      const right = meant.find((key) => key.owner !== undefined)
      if (right?.owner) return callerOf(right.owner, right.place, found)
      if (meant.length === 0) throw keyMissing()
      const hashes = meant.map((key) => accessKeyHash(key.value))
      const waitMs = wrong.count(clientAddress(headers, remoteAddress, isTrusted), hashes)
      throw waitMs === null ? keyWrong(meant) : tooManyWrong(waitMs)
    },
    takeRequest: requestLimit(clock),
    isTrustedProxy: (address) => isTrusted(address),
    isAccessKey: (value) => ring.ownerOf(value) !== undefined,
    configure,
  }
}

/** With `x-llmproxy-key`, what stands elsewhere is the client's own provider credential. */
function meantAsAccessKey<Key extends OfferedKey>(offered: readonly Key[]): readonly Key[] {
  const explicit = offered.filter((key) => key.place === 'x-llmproxy-key')
  return explicit.length > 0 ? explicit : offered
}

function callerOf(
  owner: KeyOwner,
  accessKeyHeader: KeyPlace,
  found: readonly (OfferedKey & { owner: KeyOwner | undefined })[],
): Caller {
  const places = found.filter((key) => key.owner !== undefined).map((key) => key.place)
  return { kind: 'key', ...owner, accessKeyHeader, accessKeyPlaces: [...new Set(places)] }
}

function keyMissing(): ProxyError {
  return new ProxyError(
    'access_key_missing',
    'this proxy asks for an access key: send it as x-llmproxy-key, or where your client puts its API key',
  )
}

function keyWrong(meant: readonly OfferedKey[]): ProxyError {
  const places = [...new Set(meant.map((key) => (key.place === 'query' ? '?key=' : key.place)))]
  return new ProxyError(
    'access_key_wrong',
    `what came as ${places.join(' and ')} is no access key of this proxy; ` +
      'send one as x-llmproxy-key (a provider key beside it stays your own)',
  )
}

function tooManyWrong(waitMs: number): ProxyError {
  return new ProxyError(
    'too_many_wrong_keys',
    `too many wrong access keys came from your address; wrong ones are turned away for another ${Math.ceil(waitMs / 1000)} s, a right access key passes`,
    { retryAfterMs: waitMs },
  )
}
