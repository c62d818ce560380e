import type { Config } from '../config/schema.ts'
import type { Backend } from '../core/backend.ts'
import type { FailurePolicy } from '../proxy/attempts/attempts.ts'
import type { ProxyState } from '../proxy/state.ts'
import type { Router, RouterSettings } from '../routing/router.ts'

export interface StateSources {
  config: Config
  backends: readonly Backend[]
  makeRouter: (settings: Omit<RouterSettings, 'places'>) => Router
  demoDefault: boolean
  isAccessKey: (value: string) => boolean
  /** Instead of the configuration's. */
  failurePolicy?: FailurePolicy
}

/** What a configuration means for the exchanges that begin with it. */
export function proxyState(sources: StateSources): ProxyState {
  const { config, backends } = sources
  const { failure_handling: handling } = config
  return {
    backends: new Map(backends.map((backend) => [backend.name, backend])),
    router: sources.makeRouter({
      backends,
      aliases: config.model_aliases,
      failoverRoutes: config.failover_routes,
      defaultBackend: sources.demoDefault ? 'demo' : config.default_backend,
    }),
    bodyLimits: { maxBytes: config.max_body_mb * 1e6, silenceMs: bodySilenceMs },
    failurePolicy: sources.failurePolicy ?? {
      maxAttempts: handling.max_attempts,
      totalBudgetMs: handling.total_budget_seconds * 1000,
      maxWaitMs: handling.max_wait_seconds * 1000,
    },
    keepaliveMs: handling.keepalive_seconds * 1000,
    isAccessKey: sources.isAccessKey,
  }
}

/** A client that stops in the middle of its request body is let go after this. */
const bodySilenceMs = 60_000
