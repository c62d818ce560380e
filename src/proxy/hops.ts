import { randomBytes } from 'node:crypto'
import type { Backend } from '../core/backend.ts'
import type { HeaderPairs } from '../core/http.ts'

const header = 'x-llmproxy-hop'

/** A random id of this proxy, by which it recognises a request that comes back to it. */
export function newHopId(): string {
  return randomBytes(8).toString('hex')
}

/** The ids of the proxies that a request has passed, oldest first. */
export function hopsOf(headers: HeaderPairs): string[] {
  return headers
    .filter(([name]) => name === header)
    .flatMap(([, value]) => value.split(','))
    .map((id) => id.trim())
    .filter((id) => id !== '')
}

/**
 * The header's value for the next hop: the proxies passed so far and this one. Null for a provider at its own
 * host, which is no proxy and need not know of us.
 */
export function nextHop(headers: HeaderPairs, ownId: string, backend: Backend): string | null {
  if (backend.atPresetHost && !isLocal(backend.apiUrl)) return null
  return [...hopsOf(headers).filter((id) => /^[\w-]{1,64}$/.test(id)), ownId].join(',')
}

function isLocal(apiUrl: string): boolean {
  const host = new URL(apiUrl).hostname
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
