import type { AccessKeyConfig, Config } from '../../config/schema.ts'
import { newAccessKey } from '../../core/access-key.ts'
import { isLoopback } from '../guard/addresses.ts'

/** Whether the proxy may listen where it is told to, and with which access keys. */
export type StartDecision =
  | { allowed: true; apiKeys: readonly AccessKeyConfig[]; warnings: readonly string[] }
  | { allowed: false; message: string }

const minKeyLength = 16
const defaultPort = 8000

/**
 * On loopback anything goes, with no access key asked for where `disable_auth` says so. Beyond it access keys are enforced: the configured ones, or `LLMPROXY_API_KEY` as
 * an admin's. A refusal prints the one line that works (`spec/config.md`, Security).
 */
export function decideStart(
  { host, port }: Pick<Config, 'host' | 'port'>,
  auth: Pick<Config['auth'], 'disable_auth' | 'api_keys'>,
  environmentKey: string | undefined,
  newKey: () => string = newAccessKey,
): StartDecision {
  if (isLoopback(host.toLowerCase().replace(/^\[|\]$/g, ''))) {
    return { allowed: true, apiKeys: auth.disable_auth ? [] : auth.api_keys, warnings: [] }
  }
  const key = environmentKey ?? ''
  const hasKeys = auth.api_keys.length > 0
  const serve = `llmproxy serve --host ${host}${port === defaultPort ? '' : ` --port ${port}`}`
  if (auth.disable_auth) {
    const withKey = hasKeys ? serve : `LLMPROXY_API_KEY=${newKey()} ${serve}`
    return refused(host, 'and auth.disable_auth is true', `LLMPROXY_AUTH_DISABLE_AUTH=false ${withKey}`)
  }
  if (!hasKeys && key.length < minKeyLength) {
    const fault =
      key === '' ? 'and none is configured' : `and LLMPROXY_API_KEY has fewer than ${minKeyLength} characters`
    return refused(host, fault, `LLMPROXY_API_KEY=${newKey()} ${serve}`)
  }
  return {
    allowed: true,
    apiKeys: hasKeys ? auth.api_keys : [key],
    warnings: [`access keys travel in clear to ${host}: put TLS in front of this proxy`],
  }
}

function refused(host: string, fault: string, line: string): StartDecision {
  return {
    allowed: false,
    message: `${host} is open to other machines, so access keys are needed, ${fault}. This works:\n  ${line}`,
  }
}
