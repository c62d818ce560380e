import { BackendFaults } from '../backends/faults.ts'
import { resolveBackends } from '../backends/resolve.ts'
import { backendConfigFaults } from '../config/backend-faults.ts'
import { ConfigFaults } from '../config/faults.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { AccessKeyConfig } from '../config/schema.ts'
import type { Backend } from '../core/backend.ts'
import { ProxyError } from '../core/errors.ts'
import type { Secrets } from '../core/secrets/secrets.ts'
import type { ProxyState } from '../proxy/state.ts'
import { decideStart } from './access/start-decision.ts'
import { isLoopback } from './guard/addresses.ts'
import { proxyState, type StateSources } from './proxy-state.ts'
import { StartRefused } from './running-proxy.ts'

/** Everything that one configuration decides; a reload makes another. */
export interface Configured {
  loaded: LoadedConfig
  backends: readonly Backend[]
  proxy: ProxyState
  apiKeys: readonly AccessKeyConfig[]
  warnings: readonly string[]
}

export interface ConfiguredParts
  extends Pick<StateSources, 'makeRouter' | 'isAccessKey' | 'demoDefault' | 'failurePolicy'> {
  env: NodeJS.ProcessEnv
  demoUrl: string
  secrets: Secrets
}

/**
 * Makes of a loaded configuration what the proxy runs with. Throws ConfigFaults for what only the whole shows
 * (unknown backend types, selectors that lead nowhere), StartRefused where access keys are missing.
 */
export function configure(loaded: LoadedConfig, parts: ConfiguredParts): Configured {
  const { config } = loaded
  const decision = decideStart(config, config.auth, parts.env.LLMPROXY_API_KEY)
  if (!decision.allowed) throw new StartRefused(decision.message)
  const backends = configuredBackends(loaded, { ...parts, accessKeys: decision.apiKeys.length > 0 })
  // Also keys that nobody is asked for are secrets.
  learnSecrets(parts.secrets, backends, [...config.auth.api_keys, ...decision.apiKeys])
  const proxy = routed(loaded, () => proxyState({ ...parts, config, backends }))
  return { loaded, backends, proxy, apiKeys: decision.apiKeys, warnings: decision.warnings }
}

/** Throws ConfigFaults. */
export function configuredBackends(
  loaded: LoadedConfig,
  parts: Pick<ConfiguredParts, 'env' | 'demoUrl'> & { accessKeys: boolean },
): Backend[] {
  try {
    return resolveBackends({
      config: loaded.config,
      env: parts.env,
      loopback: isLoopback(loaded.config.host),
      accessKeysConfigured: parts.accessKeys,
      demoUrl: parts.demoUrl,
    })
  } catch (error) {
    if (!(error instanceof BackendFaults)) throw error
    throw backendConfigFaults(loaded, error.faults)
  }
}

/** A selector of the configuration that leads nowhere is a fault of the configuration. */
function routed(loaded: LoadedConfig, make: () => ProxyState): ProxyState {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error
    throw new ConfigFaults([loaded.faultAt([], error.message)])
  }
}

function learnSecrets(
  secrets: Secrets,
  backends: readonly Backend[],
  apiKeys: readonly AccessKeyConfig[],
): void {
  for (const { apiKey, headers } of backends) {
    if (apiKey !== null) secrets.add(apiKey, 'provider-key')
    for (const value of Object.values(headers)) secrets.add(value, 'header')
  }
  for (const entry of apiKeys) {
    const key = typeof entry === 'string' ? entry : entry.key
    if (key) secrets.add(key, 'access-key')
  }
}
