import { randomBytes } from 'node:crypto'
import type { Backend } from '../core/backend.ts'
import { type HeaderPairs, headerValue } from '../core/http.ts'

const header = 'x-llmproxy-hop'

/** A random id of this proxy, by which it recognises a request that comes back to it. */
export function newHopId(): string {
  return randomBytes(8).toString('hex')
}

/** The ids of the proxies that a request has passed, oldest first. */
export function hopsOf(headers: HeaderPairs): string[] {
  if (headerValue(headers, header) === undefined) return []
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
  if (backend.atPresetHost && !isLocal(backend)) return null
  return [...hopsOf(headers).filter((id) => /^[\w-]{1,64}$/.test(id)), ownId].join(',')
}

/** A backend never changes, so its URL is looked at once. */
const localBackends = new WeakMap<Backend, boolean>()

function isLocal(backend: Backend): boolean {
  let local = localBackends.get(backend)
  if (local === undefined) {
    const host = new URL(backend.apiUrl).hostname
    local = host === 'localhost' || host === '[::1]' || host.startsWith('127.')
    localBackends.set(backend, local)
  }
  return local
}
