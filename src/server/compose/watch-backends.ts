import { quotaIn } from '../../backends/quota.ts'
import type { Config } from '../../config/schema.ts'
import type { Backend } from '../../core/backend.ts'
import type { Clock } from '../../core/clock.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { HeaderPairs } from '../../core/http.ts'
import { targetName } from '../../core/target.ts'
import { createHealth, type Health } from '../../health/health.ts'
import type { HealthChange, HealthPorts } from '../../health/ports.ts'
import type { Log } from '../../logs/log.ts'
import {
  Availability,
  type AvailabilitySettings,
  isSameBackend,
} from '../../routing/availability/availability.ts'
import type { BackendState } from '../../routing/availability/backend-state.ts'
import type { Plan } from '../../routing/plan.ts'
import type { Events } from '../events.ts'
import { BackendQuotas } from './backend-quotas.ts'

/** Everything that is known of how backends do: from the attempts at them, and from their endpoints' checks. */
export interface WatchedBackends {
  availability: Availability
  health: Health
  quotas: BackendQuotas
  /** The start and each reload. */
  configure(config: Config, backends: readonly Backend[]): void
  used(backend: Backend): void
  answered(backend: Backend, status: number, headers: HeaderPairs): void
  onFallback(plan: Plan, exchange: Exchange): void
  /** How often a plan had only targets that monitoring doubted. */
  fallbackUsedTotal(): number
}

export interface WatchedBackendsParts {
  config: Config
  clock: Clock
  log: Log
  events: Events
  env: NodeJS.ProcessEnv
  version: string
  /** A connection for a probe. */
  dispatcherFor: HealthPorts['dispatcherFor']
  redactText: (text: string) => string
}

export function watchBackends(parts: WatchedBackendsParts): WatchedBackends {
  const { clock, log, events } = parts
  const logged = new Map<string, string>()
  let configured: ReadonlyMap<string, Backend> = new Map()
  let fallbacks = 0
  const availability = new Availability(settingsOf(parts.config), { clock, onChange: changed })
  const quotas = new BackendQuotas()
  const health = createHealth({
    ...{ clock, version: parts.version, env: parts.env },
    ports: {
      dispatcherFor: parts.dispatcherFor,
      onChange: endpointChanged,
      onHealthyCheck: (check) => log.info({ ...check }, `${check.kind} of ${check.apiUrl} succeeded`),
      onPingUnavailable: (reason) =>
        log.warn({ reason }, `endpoints are not pinged: ${reason}; HTTP probes and traffic decide`),
      onFault: (error) => log.error({ err: error }, 'a fault of the proxy'),
    },
  })

  /** One line and one event for each change. Full is of the moment, and no trouble. */
  function changed(name: string): void {
    if (!logged.has(name) && availability.works(name)) return
    const state = availability.stateOf(name)
    if (state === null || state.state === 'full' || (logged.get(name) ?? 'ok') === state.state) return
    logged.set(name, state.state)
    const words = `backend ${name} ${stateWords[state.state]}${state.reason === null ? '' : `: ${state.reason}`}`
    if (state.state === 'ok' || state.state === 'half_open') log.info({ backend: name }, words)
    else log.warn({ backend: name }, words)
    events.tell('backend.state', { name, state: state.state, reason: state.reason })
  }

  function endpointChanged(change: HealthChange): void {
    const { apiUrl, backends, healthy } = change
    const evidence = parts.redactText(change.evidence)
    const about = { endpoint: apiUrl, backends }
    if (healthy) log.info(about, `endpoint ${apiUrl} is healthy again: ${evidence}`)
    else log.warn(about, `endpoint ${apiUrl} is unhealthy: ${evidence}`)
    events.tell('endpoint.health', { api_url: apiUrl, backends, is_healthy: healthy, evidence })
    availability.endpointChanged(backends, healthy, evidence)
  }

  /** Whether what is learnt of a backend is about the one that has its name now. */
  function isConfigured(backend: Backend): boolean {
    const now = configured.get(backend.name)
    return now !== undefined && isSameBackend(now, backend)
  }

  /** Circuits that a reload has made, or that are only now to be told of endpoints. */
  function tellOfEndpoints(): void {
    for (const backend of configured.values()) {
      const reason = health.reasonOf(backend)
      if (reason !== null) availability.endpointChanged([backend.name], false, parts.redactText(reason))
    }
  }

  return {
    ...{ availability, health, quotas },
    configure(config, backends) {
      const before = configured
      configured = new Map(backends.map((backend) => [backend.name, backend]))
      for (const backend of before.values()) if (!isConfigured(backend)) quotas.forget(backend.name)
      availability.configure(settingsOf(config), backends)
      health.configure(config.health_check, backends)
      tellOfEndpoints()
      for (const name of logged.keys()) if (!configured.has(name)) logged.delete(name)
      for (const name of configured.keys()) changed(name)
    },
    used: (backend) => health.used(backend),
    answered(backend, status, headers) {
      health.answered(backend, status)
      if (isConfigured(backend)) quotas.note(backend.name, quotaIn(headers, clock.nowMs()))
    },
    onFallback(plan, { id }) {
      fallbacks++
      const names = plan.targets.map(targetName).join(', ')
      log.warn({ exchange: id }, `nothing healthy is left: ${names} is tried anyway`)
    },
    fallbackUsedTotal: () => fallbacks,
  }
}

const stateWords: Readonly<Record<Exclude<BackendState['state'], 'full'>, string>> = {
  ok: 'works again',
  half_open: 'is tried again',
  open: 'is left out',
  excluded: 'is left out',
  cooldown: 'is left alone for a while',
  misconfigured: 'is misconfigured',
}

function settingsOf({ health_check: checks, resilience }: Config): AvailabilitySettings {
  const { circuit_breaker: breaker } = resilience
  return {
    failureThreshold: breaker.failure_threshold,
    openMs: breaker.open_seconds * 1000,
    excludes: checks.circuit_breaker_enabled,
    breaks: breaker.enabled && checks.circuit_breaker_enabled,
    notified: checks.notify_backends,
  }
}
