import type { Clock } from '../core/clock.ts'
import { Endpoint, type EndpointParts, type HealthSettings } from './endpoint.ts'
import { backendsByEndpoint } from './endpoint-groups.ts'
import { startHttpProbe } from './http-probe.ts'
import type { CheckKind, Outcome } from './outcome.ts'
import { createPing, type Ping } from './ping.ts'
import type { BackendRef, CheckedBackend, HealthPorts } from './ports.ts'
import { type EndpointHealth, healthOf } from './snapshot.ts'
import { createTelling } from './telling.ts'
import { reasonOf, verdictOf } from './verdict.ts'

/** Whether the endpoints of backends can be reached, as checks and traffic have shown it. */
export interface Health {
  /** For the start and each reload. Endpoints that stay keep what is known; others are checked at once. */
  configure(settings: HealthSettings, backends: readonly CheckedBackend[]): void
  /** A backend is about to be sent to: one that is merely always there is checked from now on. */
  used(backend: BackendRef): void
  /** A backend answered a call, with whatever status. */
  answered(backend: BackendRef, status: number): void
  /** True until shown otherwise. */
  isHealthy(backend: BackendRef): boolean
  /** What was seen, where it is not healthy. */
  reasonOf(backend: BackendRef): string | null
  snapshot(): EndpointHealth
  /** Runs all checks, or shares those that run. Resolves when they are done. */
  checkNow(): Promise<void>
  /** Resolves when no check, timer or child process is left. */
  stop(): Promise<void>
}

export interface HealthOptions {
  clock: Clock
  /** The proxy's own, for the probes' `user-agent`. */
  version: string
  /** Where the `ping` program is looked for. */
  env: NodeJS.ProcessEnv
  ports: HealthPorts
  ping?: Ping
  /** From 0 to 1, for the jitter. */
  random?: () => number
}

export function createHealth(options: HealthOptions): Health {
  const { clock, ports, random = Math.random } = options
  const telling = createTelling(clock, ports)
  const probing = {
    clock,
    dispatcherFor: ports.dispatcherFor,
    userAgent: `llmproxy/${options.version} health`,
  }
  const parts: EndpointParts = {
    ...{ clock, random, onFault: ports.onFault, learnt: telling.lookAt, checked },
    ping: options.ping ?? createPing({ clock, env: options.env }),
    probe: (url, settings) => startHttpProbe(url, settings, probing),
  }
  const endpoints = new Map<string, Endpoint>()
  /** By the URL as the backends have it: an answer from where a backend was before a reload finds nothing here. */
  let byApiUrl = new Map<string, Endpoint>()
  const usedPresets = new Set<string>()
  const ending = new Set<Promise<void>>()
  let settings: HealthSettings | undefined
  let backends: readonly CheckedBackend[] = []
  let warned = false
  let stopped = false

  function checked(endpoint: Endpoint, kind: CheckKind, outcome: Outcome): void {
    if (outcome.kind === 'success' && settings?.log_healthy_checks) {
      const { latencyMs, status } = outcome
      ports.onHealthyCheck({ apiUrl: endpoint.url, kind, latencyMs, status })
    }
    if (kind === 'ping' && outcome.kind === 'unavailable' && !warned) {
      warned = true
      ports.onPingUnavailable(outcome.reason)
    }
  }

  /** Endpoints come and go with the backends; those that stay are kept. */
  function regroup(): void {
    if (settings === undefined || stopped) return
    const groups = backendsByEndpoint(backends, usedPresets)
    for (const endpoint of [...endpoints.values()]) if (!groups.has(endpoint.url)) drop(endpoint)
    byApiUrl = new Map()
    for (const [url, members] of groups) place(url, members, settings)
    telling.keepOnly(new Set([...groups.values()].flat().map(({ name }) => name)))
    for (const endpoint of endpoints.values()) telling.lookAt(endpoint, 'the configuration changed')
  }

  function place(url: string, members: readonly CheckedBackend[], now: HealthSettings): void {
    const endpoint = endpoints.get(url) ?? new Endpoint(url, parts)
    // In the order of the backends, also where it was there before.
    endpoints.delete(url)
    endpoints.set(url, endpoint)
    endpoint.backends = members.map(({ name }) => name)
    for (const { apiUrl } of members) byApiUrl.set(apiUrl, endpoint)
    endpoint.configure(now)
  }

  function drop(endpoint: Endpoint): void {
    endpoints.delete(endpoint.url)
    const gone = endpoint.stop().finally(() => ending.delete(gone))
    ending.add(gone)
  }

  return {
    configure(next, all) {
      settings = next
      backends = all.filter(({ type }) => type !== 'demo')
      regroup()
    },
    used({ name }) {
      if (usedPresets.has(name)) return
      usedPresets.add(name)
      if (backends.some((backend) => backend.name === name && !backend.configured)) regroup()
    },
    answered({ apiUrl }, status) {
      if (!stopped) byApiUrl.get(apiUrl)?.answered(status)
    },
    isHealthy({ apiUrl }) {
      const endpoint = byApiUrl.get(apiUrl)
      return endpoint === undefined || verdictOf(endpoint.state, endpoint.thresholds).healthy
    },
    reasonOf({ apiUrl }) {
      const endpoint = byApiUrl.get(apiUrl)
      return endpoint === undefined ? null : reasonOf(endpoint.state, endpoint.thresholds)
    },
    snapshot() {
      const enabled = settings?.enabled === true
      return healthOf(enabled, enabled ? [...endpoints.values()] : [])
    },
    async checkNow() {
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.checkNow()))
    },
    async stop() {
      stopped = true
      const each = [...endpoints.values()].map((endpoint) => endpoint.stop())
      await Promise.all([...each, ...ending])
    },
  }
}
