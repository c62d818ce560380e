import type { Access } from './access/access.ts'
import type { Configured } from './configured.ts'
import type { GuardPolicy } from './guard/policy.ts'

/** What the guard refuses under the configuration that is current. */
export function guardPolicyOf({ loaded, apiKeys }: Configured, access: Access, hopId: string): GuardPolicy {
  const { host, auth } = loaded.config
  return {
    boundHost: host,
    allowedHosts: auth.allowed_hosts,
    allowedOrigins: auth.allowed_origins,
    isTrustedProxy: access.isTrustedProxy,
    accessKeys: apiKeys.length > 0,
    hopId,
  }
}
