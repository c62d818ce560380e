import { timingSafeEqual } from 'node:crypto'
import { plainKeyNames } from '../../config/cross-checks.ts'
import type { AccessKeyConfig } from '../../config/schema.ts'
import { accessKeyHash } from '../../core/access-key.ts'
import type { KeyedCaller } from './caller.ts'

/** What an access key stands for. */
export type KeyOwner = Omit<KeyedCaller, 'kind' | 'accessKeyHeader' | 'accessKeyPlaces'>

/** The configured access keys, by their hashes. */
export interface KeyRing {
  readonly size: number
  ownerOf(key: string): KeyOwner | undefined
}

/** Keys given as plain strings belong to admins. */
export function keyRing(entries: readonly AccessKeyConfig[]): KeyRing {
  const names = plainKeyNames(entries)
  const owners = entries.map((entry) =>
    typeof entry === 'string' ? adminOwner(entry, names.shift() ?? 'admin') : namedOwner(entry),
  )
  const hashes = owners.map((owner) => Buffer.from(owner.keyHash, 'hex'))
  return {
    size: owners.length,
    ownerOf(key) {
      if (owners.length === 0) return undefined
      const hash = Buffer.from(accessKeyHash(key), 'hex')
      // Every one is compared: how long it takes says nothing of which was right.
      const found = hashes.map((known) => timingSafeEqual(known, hash)).indexOf(true)
      return owners[found]
    },
  }
}

function adminOwner(key: string, name: string): KeyOwner {
  return {
    name,
    role: 'admin',
    models: null,
    requestsPerMinute: null,
    usdPerDay: null,
    keyHash: accessKeyHash(key),
  }
}

function namedOwner(entry: Exclude<AccessKeyConfig, string>): KeyOwner {
  return {
    name: entry.name,
    role: entry.role,
    models: entry.models,
    requestsPerMinute: entry.requests_per_minute,
    usdPerDay: entry.usd_per_day,
    keyHash: entry.key_sha256?.toLowerCase() ?? accessKeyHash(entry.key ?? ''),
  }
}
