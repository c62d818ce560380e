import { ProxyError } from '../../core/errors.ts'

/** All request bodies that are in memory together (`max_bodies_mb`). */
export interface BodyBudget {
  /** Takes bytes out of the budget, or throws `bodies_full`. */
  take(bytes: number): void
  giveBack(bytes: number): void
  readonly usedBytes: number
}

const retryAfterMs = 1_000

export function createBodyBudget(limitBytes: () => number): BodyBudget {
  let usedBytes = 0
  return {
    take(bytes) {
      if (usedBytes + bytes > limitBytes()) {
        throw new ProxyError(
          'bodies_full',
          'the request bodies in memory have reached max_bodies_mb; try again in a second or raise it',
          { retryAfterMs },
        )
      }
      usedBytes += bytes
    },
    giveBack(bytes) {
      usedBytes -= bytes
    },
    get usedBytes() {
      return usedBytes
    },
  }
}
