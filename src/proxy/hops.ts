import type { Backend } from '../core/backend.ts'
import { type HeaderPairs, headerValue } from '../core/http.ts'

/**
 * `x-llmproxy-hop` for the next hop: the proxies passed so far and this one. Only where the backend could be
 * a proxy: providers at their own hosts need not know of us.
 */
export function nextHop(headers: HeaderPairs, ownId: string, backend: Backend): string | null {
  if (backend.atPresetHost && !isLocal(backend.apiUrl)) return null
  const passed = headerValue(headers, 'x-llmproxy-hop')
  return passed ? `${passed}, ${ownId}` : ownId
}

function isLocal(apiUrl: string): boolean {
  const host = new URL(apiUrl).hostname
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
