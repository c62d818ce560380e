import { defaultSettings } from '../backends/settings.ts'
import type { RecordedBackend, ReplayProxySettings, StartReplayProxy } from '../capture/replay/ports.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Backend } from '../core/backend.ts'
import { protocolNames } from '../core/protocol-name.ts'
import type { Target } from '../core/target.ts'
import type { FailurePolicy } from '../proxy/attempts/attempts.ts'
import type { Plan, PlanRequest } from '../routing/plan.ts'
import type { Router } from '../routing/router.ts'
import { startProxy } from './compose.ts'

export interface ReplayProxyParts {
  loaded: LoadedConfig
  env: NodeJS.ProcessEnv
  /** Of its log only faults come through. */
  stderr: NodeJS.WritableStream
}

/** Starts proxies as `serve` would with this configuration, but for what a replay must not do. */
export function replayProxyStarter({ loaded, env, stderr }: ReplayProxyParts): StartReplayProxy {
  return async (settings) => {
    const config = replayConfig(loaded.config, settings.backends)
    const running = await startProxy({
      ...{ loaded: { ...loaded, config }, env, stderr, demoDefault: false },
      reload: () => Promise.reject(new Error('a replay has no configuration to read again')),
      routed: (_, backends) => forcedRouter(settings, backends),
      monitors: [settings.monitor],
      ...(settings.attempts && { failurePolicy: forcedPolicy(settings.attempts) }),
      ...(settings.clock && { clock: settings.clock }),
      ...(settings.dial && { dial: settings.dial }),
    })
    return { url: running.url, close: () => running.close(0) }
  }
}

/** Nobody else finds it, and it leaves nothing behind. */
function replayConfig(config: Config, recorded: readonly RecordedBackend[] | null): Config {
  return {
    ...config,
    ...{ host: '127.0.0.1', port: 0, default_backend: null, model_aliases: [], failover_routes: {} },
    auth: { ...config.auth, disable_auth: true, api_keys: [] },
    backends: recorded === null ? config.backends : recordedBackends(config.backends, recorded),
    // What was down while it was recorded must not be left out now.
    health_check: { ...config.health_check, enabled: false, circuit_breaker_enabled: false },
    usage_tracking: { ...config.usage_tracking, enabled: false },
    wire_capture: { ...config.wire_capture, enabled: false, mode: 'off' },
    replacement: { ...config.replacement, enabled: false, replacement_rules: [] },
    logging: { level: 'error', format: 'json' },
  }
}

type BackendSettings = Config['backends'][string]

function recordedBackends(
  configured: Config['backends'],
  recorded: readonly RecordedBackend[],
): Config['backends'] {
  return Object.fromEntries(
    recorded.map((backend) => [backend.name, recordedBackend(configured[backend.name], backend)]),
  )
}

/** Opens nothing: the provider that is asked is this process. */
const standInKey = 'replayed-provider-key'

/** As it is configured, where it is; at the recorded address, and with no credential that opens anything. */
function recordedBackend(
  configured: BackendSettings | undefined,
  { type, apiUrl, protocols, hasKey }: RecordedBackend,
): BackendSettings {
  const { api_key: _, ...settings } = configured ?? unnamedBackend(type, protocols)
  return {
    ...{ ...settings, api_url: apiUrl, max_concurrent: null },
    ...(hasKey ? { credentials: 'proxy', api_key: standInKey } : { credentials: 'none' }),
    // Where models are named, the provider is not asked for them.
    models: ['replayed'],
  }
}

function unnamedBackend(type: string, protocols: readonly string[]): BackendSettings {
  const { protocols: _, passthrough, models, headers, ...defaults } = defaultSettings
  const spoken = protocolNames.filter((name) => protocols.includes(name))
  return {
    ...{ ...defaults, type, passthrough: [...passthrough], models: [...models], headers: { ...headers } },
    ...(spoken.length > 0 && { protocols: spoken }),
  }
}

/** Whether something is tried once more followed from a configuration that the recording does not have. */
function forcedPolicy(attempts: () => number): FailurePolicy {
  return {
    get maxAttempts() {
      return attempts()
    },
    totalBudgetMs: Number.POSITIVE_INFINITY,
    maxWaitMs: Number.POSITIVE_INFINITY,
  }
}

/** What was tried is tried again, whatever the configuration makes of the model's name and monitoring of the target. */
function forcedRouter({ targets }: ReplayProxySettings, backends: readonly Backend[]): Router {
  const plan = ({ model, protocol }: PlanRequest): Plan => {
    const forced = targets().flatMap(({ backend: name, model: at }): Target[] => {
      const backend = backends.find((each) => each.name === name)
      return backend ? [{ backend, model: at }] : []
    })
    const asked = { model, protocol, backendNames: backends.map(({ name }) => name) }
    return {
      targets: forced,
      leftOut: [],
      source: 'pinned',
      first: forced[0] ?? null,
      fallbackUsed: false,
      asked,
    }
  }
  return { plan, planAt: (_, request) => plan(request) }
}
