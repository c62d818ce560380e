import { checkHop } from './hop.ts'
import { checkHost } from './host.ts'
import { checkOrigin } from './origin.ts'
import { checkPath } from './path.ts'
import type { GuardedRequest, GuardPolicy } from './policy.ts'
import { checkTunnel } from './tunnel.ts'

/**
 * Refuses what no key could make right, before anything else looks at a request (`spec/config.md`, Security).
 * Throws a ProxyError: bad_host, host_refused, origin_refused, tunnel_refused, bad_path or loop.
 */
export function guardRequest(request: GuardedRequest, policy: GuardPolicy): void {
  checkHost(request, policy)
  checkOrigin(request, policy)
  checkTunnel(request, policy)
  checkPath(request)
  checkHop(request.headers, policy.hopId)
}
