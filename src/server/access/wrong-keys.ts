import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'

/** Remembers which wrong keys came from where, and for how long more of them are turned away. */
export interface WrongKeys {
  /** Counts the keys, by their hashes; milliseconds to wait before another one, or null if it may be tried. */
  count(address: string, hashes: readonly string[]): number | null
}

interface Offender {
  /** When each wrong key was last seen, by its hash; oldest first. */
  seenMs: Map<string, number>
  refusedUntilMs: number
  /** How long the next refusal lasts. */
  nextRefusalMs: number
  lastMs: number
}

const windowMs = 15 * 60_000
const allowedKeys = 5
const firstRefusalMs = 60_000
const longestRefusalMs = 60 * 60_000
const maxAddresses = 10_000
/** More are no more telling. */
const maxKeysKept = 16

/**
 * Only distinct keys count, so that a client that goes on with its old key locks nobody out; the sixth of an
 * address within 15 minutes, and each new one after it, is refused for twice as long as the one before.
 */
export function wrongKeys(clock: Clock): WrongKeys {
  const offenders = new LRUCache<string, Offender>({ max: maxAddresses })

  function offenderAt(address: string, nowMs: number): Offender {
    const known = offenders.get(address)
    if (known && nowMs - Math.max(known.lastMs, known.refusedUntilMs) < longestRefusalMs) return known
    const fresh = { seenMs: new Map(), refusedUntilMs: 0, nextRefusalMs: firstRefusalMs, lastMs: nowMs }
    offenders.set(address, fresh)
    return fresh
  }

  return {
    count(address, hashes) {
      const nowMs = clock.nowMs()
      const offender = offenderAt(address, nowMs)
      offender.lastMs = nowMs
      for (const [hash, seenMs] of offender.seenMs) {
        if (nowMs - seenMs >= windowMs) offender.seenMs.delete(hash)
      }
      for (const hash of hashes) countOne(offender, hash, nowMs)
      const leftMs = offender.refusedUntilMs - nowMs
      return leftMs > 0 ? leftMs : null
    },
  }
}

function countOne(offender: Offender, hash: string, nowMs: number): void {
  const isNew = !offender.seenMs.delete(hash)
  offender.seenMs.set(hash, nowMs)
  if (!isNew || offender.seenMs.size <= allowedKeys) return
  offender.refusedUntilMs = nowMs + offender.nextRefusalMs
  offender.nextRefusalMs = Math.min(longestRefusalMs, offender.nextRefusalMs * 2)
  const oldest = offender.seenMs.keys().next().value
  if (offender.seenMs.size > maxKeysKept && oldest !== undefined) offender.seenMs.delete(oldest)
}
