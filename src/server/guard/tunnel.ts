import { ProxyError } from '../../core/errors.ts'
import type { GuardedRequest, GuardPolicy } from './policy.ts'

const forwardingHeaders = new Set(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'cf-connecting-ip'])

/** Without access keys only this machine may call. Who was forwarded to it comes from elsewhere. */
export function checkTunnel({ headers, remoteAddress }: GuardedRequest, policy: GuardPolicy): void {
  if (policy.accessKeys || policy.isTrustedProxy(remoteAddress)) return
  const forwarding = headers.find(([name]) => forwardingHeaders.has(name))?.[0]
  if (forwarding === undefined) return
  throw new ProxyError(
    'tunnel_refused',
    `the request was forwarded (${forwarding}): something opens this proxy to others while it asks for no access key; ` +
      'make one with `llmproxy key new NAME`, or add the forwarder to the configuration: auth: {trusted_proxies: […]}',
  )
}
