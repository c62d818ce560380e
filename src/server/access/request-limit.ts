import type { Clock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import type { Caller } from './caller.ts'

const windowMs = 60_000

/** Takes one request of an access key's `requests_per_minute`; throws request_limit where none is left. */
export type TakeRequest = (caller: Caller) => void

export function requestLimit(clock: Clock): TakeRequest {
  /** When each request of the last minute was taken, oldest first, by the hash of the access key. */
  const taken = new Map<string, number[]>()
  return (caller) => {
    if (caller.kind === 'open' || caller.requestsPerMinute === null) return
    const nowMs = clock.nowMs()
    const recent = (taken.get(caller.keyHash) ?? []).filter((atMs) => nowMs - atMs < windowMs)
    taken.set(caller.keyHash, recent)
    if (recent.length < caller.requestsPerMinute) {
      recent.push(nowMs)
      return
    }
    const freeing = recent[recent.length - caller.requestsPerMinute] ?? nowMs
    const retryAfterMs = freeing + windowMs - nowMs
    throw new ProxyError(
      'request_limit',
      `the access key of "${caller.name}" may make ${caller.requestsPerMinute} requests a minute; ` +
        `the next one in ${Math.ceil(retryAfterMs / 1000)} s`,
      { retryAfterMs },
    )
  }
}
