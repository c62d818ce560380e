import { BackendFaults } from '../../backends/faults.ts'
import { resolveBackends } from '../../backends/resolve.ts'
import { backendConfigFaults } from '../../config/backend-faults.ts'
import type { LoadedConfig } from '../../config/load.ts'

/** Makes the backends of a configuration and lets them go. Throws ConfigFaults, as the start would. */
export function checkBackends(loaded: LoadedConfig, env: NodeJS.ProcessEnv): void {
  const { config } = loaded
  try {
    const accessKeysConfigured = config.auth.api_keys.length > 0
    // Where nothing listens: only the settings are looked at, so host and demo play no part.
    resolveBackends({ config, env, loopback: true, accessKeysConfigured, demoUrl: 'http://127.0.0.1:1' })
  } catch (error) {
    throw error instanceof BackendFaults ? backendConfigFaults(loaded, error.faults) : error
  }
}
