import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Demo, startDemo } from '../backends/demo/server.ts'
import { createPools, type Pools } from '../backends/pools.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Backend } from '../core/backend.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { ProxyError } from '../core/errors.ts'
import type { Monitor } from '../core/monitor.ts'
import { exchangeIds } from '../core/rising-ids.ts'
import { createSecrets } from '../core/secrets/secrets.ts'
import { logMonitor } from '../logs/log-monitor.ts'
import { createModelLists } from '../models/model-lists.ts'
import type { FailurePolicy } from '../proxy/attempts/attempts.ts'
import { createBodyWork } from '../proxy/body/body-work.ts'
import { createBodyBudget } from '../proxy/body/budget.ts'
import { clientShortName } from '../proxy/clients/recognise-client.ts'
import { newHopId } from '../proxy/hops.ts'
import { createMonitors } from '../proxy/monitors.ts'
import { createPipeline } from '../proxy/pipeline.ts'
import { createSessionAnswers } from '../proxy/sessions/session-answers.ts'
import { createSessions } from '../proxy/sessions/sessions.ts'
import type { ProxyServices } from '../proxy/state.ts'
import { createStoredResponses } from '../proxy/stored-responses/stored-responses.ts'
import { createRouter, type Router } from '../routing/router.ts'
import { createSessionPlaces } from '../routing/session-places.ts'
import { countCall } from '../tokens/count-call.ts'
import { createAccess } from './access/access.ts'
import { refuseLimitsWithoutLedger } from './access/without-ledger.ts'
import { createAdmission } from './admission.ts'
import { startBooks } from './compose/books.ts'
import { startCapture } from './compose/capture.ts'
import { internalHealth } from './compose/internal-health.ts'
import { countedOf, startLive } from './compose/live.ts'
import { watchIssues } from './compose/live-issues.ts'
import { logOnto, warnOfRestart } from './compose/log.ts'
import { settledOf, startMetrics } from './compose/metrics.ts'
import { openApiText } from './compose/openapi.ts'
import { replacementSettings, startReplacement } from './compose/replacement.ts'
import { watchBackends } from './compose/watch-backends.ts'
import { type Configured, configure } from './configured.ts'
import { Events } from './events.ts'
import { serveFrontend } from './frontends/serve-frontend.ts'
import { guardPolicyOf } from './guard-policy.ts'
import { createLife } from './life.ts'
import { createListener } from './listener.ts'
import { createModelFetch } from './model-fetch.ts'
import { addCapabilitiesRoutes } from './routes/capabilities-routes.ts'
import { addCaptureRoutes } from './routes/capture-routes.ts'
import { addEventsRoutes } from './routes/events-routes.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addLiveRoutes } from './routes/live-routes.ts'
import { addMetricsRoutes } from './routes/metrics-routes.ts'
import { addModelRoutes } from './routes/model-routes.ts'
import { addOpenApiRoutes } from './routes/openapi-routes.ts'
import { addReplacementRoutes } from './routes/replacement-routes.ts'
import { addStateRoutes } from './routes/state-routes.ts'
import { addUsageRoutes } from './routes/usage-routes.ts'
import type { RunningProxy } from './running-proxy.ts'
import { version } from './version.ts'

export interface StartOptions {
  loaded: LoadedConfig
  /** Reads the configuration again, for a reload. */
  reload: () => Promise<LoadedConfig>
  /** `--demo`: models that nothing else places go to the demo backend. */
  demoDefault: boolean
  env: NodeJS.ProcessEnv
  stderr: NodeJS.WritableStream
  clock?: Clock
  /** Where to really connect for an origin: tests put fake providers in a provider's place. */
  dial?: (origin: string) => string
  /** Another choice of targets than the configuration's. */
  routed?: (router: Router, backends: readonly Backend[]) => Router
  /** Another rule of failing over than the configuration's. */
  failurePolicy?: FailurePolicy
  /** Further monitors, after the proxy's own. */
  monitors?: readonly Monitor[]
}

/**
 * Builds the proxy and lets it listen: the one place that knows every part. Throws ConfigFaults, StartRefused,
 * or the system's error when the port is taken.
 */
export async function startProxy(options: StartOptions): Promise<RunningProxy> {
  const demo = await startDemo()
  const pools = createPools({ env: options.env, ...(options.dial ? { dial: options.dial } : {}) })
  try {
    return await compose(options, demo, pools)
  } catch (error) {
    await Promise.all([pools.close(), demo.close()])
    throw error
  }
}

async function compose(options: StartOptions, demo: Demo, pools: Pools): Promise<RunningProxy> {
  const { loaded, env, clock = systemClock } = options
  const runKey = randomBytes(32)
  const secrets = createSecrets(runKey)
  const log = logOnto(options.stderr, loaded, secrets)
  // Before the configuration's secrets are read: a capture must know them too.
  const capture = startCapture({
    ...{ config: loaded.config.wire_capture, clock, log, runKey, secrets },
    priceOf: (question) => priceOf(question),
  })
  const lists = createModelLists({
    fetchList: createModelFetch(pools, clock, secrets.redactText),
    folder: join(loaded.home, 'models'),
    clock,
    onFailure: (backend, error) => log.debug({ backend: backend.name, err: error }, 'no list of models'),
  })
  const access = createAccess(loaded.config.auth, clock)
  const places = createSessionPlaces()
  const make = (from: LoadedConfig): Configured =>
    configure(from, {
      ...(options.failurePolicy && { failurePolicy: options.failurePolicy }),
      ...{ env, secrets, demoUrl: demo.url, demoDefault: options.demoDefault },
      makeRouter(settings) {
        const router = createRouter({ ...settings, places }, { listsModel: lists.listsModel })
        return options.routed?.(router, settings.backends) ?? router
      },
      isAccessKey: access.isAccessKey,
    })
  let current = make(loaded)
  const settings = replacementSettings(loaded, current.backends)
  access.configure({ ...loaded.config.auth, api_keys: [...current.apiKeys] })

  const nextId = exchangeIds(() => clock.nowMs())
  const books = startBooks({
    ...{ loaded, current: () => current.loaded, clock, log },
    onRecord(record) {
      const counted = countedOf(record)
      if (counted !== null) live.counted(counted)
      metrics.settled(settledOf(record))
    },
  })
  const { tokenCounter, priceBook, budget, ledger } = books
  const { priceOf } = priceBook
  const events = new Events()
  const live = startLive({
    ...{ clock, events, priceOf, ledger, redactText: secrets.redactText },
    backends: (names) => health.backends(names),
    isDraining: () => closing.signal.aborted,
  })
  const metrics = startMetrics({
    ...{ priceOf, ledger, capture, tokenCounter, watched: () => watched, monitors: () => monitors },
    backends: (names) => health.backends(names),
  })
  const issues = watchIssues({
    ...{ clock, events, capture, redactText: secrets.redactText, onIssue: (issue) => live.issueFound(issue) },
    thresholds: loaded.config.wire_capture.thresholds,
    contextWindow: priceBook.contextWindowOf,
  })
  const monitors = createMonitors(
    [
      ...(ledger ? [ledger.monitor] : []),
      capture.monitor,
      issues.monitor,
      live.monitor,
      metrics.monitor,
      logMonitor(log, clock, clientShortName, secrets.redactText, priceOf),
      ...(options.monitors ?? []),
    ],
    {
      onSwitchedOff: (name, reason) =>
        log.error({ monitor: name, reason }, 'a monitor failed three times and is off'),
    },
  )
  const replacement = startReplacement({ settings, clock, events, log, home: loaded.home, ledger })
  const watched = watchBackends({
    ...{ config: loaded.config, clock, log, events, env, version },
    dispatcherFor: pools.freshConnection,
    redactText: secrets.redactText,
  })
  const startedNs = clock.monotonicNs()
  let standing = { loadedAtMs: clock.nowMs(), lastError: null as string | null }
  const health = internalHealth({
    ...{ watched, ledger, capture, monitors, redactText: secrets.redactText },
    current: () => current,
    standing: () => standing,
    uptimeSeconds: () => Math.floor((clock.monotonicNs() - startedNs) / 1e9),
  })
  const closing = new AbortController()
  const services: ProxyServices = {
    clock,
    monitors,
    pools,
    bodyWork: createBodyWork(),
    bodyBudget: createBodyBudget(() => current.loaded.config.max_bodies_mb * 1e6),
    sessions: createSessions({ clock, ...(ledger && { turnsBefore: ledger.turnsBefore }) }),
    sessionAnswers: createSessionAnswers(),
    nextExchangeId: nextId,
    hopId: newHopId(),
    availability: watched.availability,
    backendWatch: watched,
    decideReplacement: replacement.decide,
    storedResponses: createStoredResponses(clock),
    countTokens: (call) => countCall(tokenCounter, call),
    priceOf,
    learnSecret: (value) => secrets.add(value, 'credential'),
    redactText: secrets.redactText,
    refusesUsageOption: new Set(),
    closing: closing.signal,
  }
  /** Backends that a reload brought are asked as those of the start are. */
  function refreshLists(): void {
    for (const backend of current.backends) {
      if (backend.configured && backend.credentials !== 'client') lists.refresh(backend, { kind: 'proxy' })
    }
  }
  function keepListsFresh(): void {
    if (closing.signal.aborted) return
    refreshLists()
    clock.after(3_600_000, keepListsFresh)
  }
  const onFault = (error: ProxyError) => log.error({ err: error }, 'a fault of the proxy')
  const pipeline = createPipeline(services, onFault)
  const admission = createAdmission(access, () => guardPolicyOf(current, access, services.hopId))
  const onRefused = (error: ProxyError) => {
    metrics.refused(error.code)
    log.debug({ code: error.code }, `refused: ${error.message}`)
  }
  const frontendParts = {
    ...{ pipeline, access, nextId, redactText: secrets.redactText, onRefused },
    spendingOf: budget.spendingOf,
    callerOf: admission.callerOf,
    headersOf: admission.headersOf,
    state: () => current.proxy,
    isClosing: () => closing.signal.aborted,
  }
  const app = createListener({
    ...{ nextId, redactText: secrets.redactText, onRefused, version },
    guard: admission.guard,
    admit: admission.admit,
    frontends: (request, response) => serveFrontend(frontendParts, request, response),
    addRoutes(to) {
      addStateRoutes(to, { isReady: () => !closing.signal.aborted && health.isReady() })
      addHealthRoutes(to, {
        ...{ report: health.report, checkNow: watched.health.checkNow },
        reset: (name) => watched.availability.reset(name),
        backendNames: () => current.backends.map(({ name }) => name),
      })
      addLiveRoutes(to, { snapshot: (limit) => live.snapshot(limit), onFault })
      addEventsRoutes(to, { events })
      addOpenApiRoutes(to, { document: openApiText })
      addMetricsRoutes(to, { scrape: () => metrics.scrape() })
      addCapabilitiesRoutes(to, { state: () => current.proxy })
      addUsageRoutes(to, { usage: () => ledger?.api ?? null, callerOf: admission.callerOf, onFault })
      addCaptureRoutes(to, { ...capture, onFault })
      addReplacementRoutes(to, { ...replacement.routes, callerOf: admission.callerOf, onFault })
      addModelRoutes(to, {
        ...{ lists, nextId, redactText: secrets.redactText },
        state: () => current.proxy,
        callerOf: admission.callerOf,
      })
    },
  })
  const life = createLife({
    ...{ app, pipeline, clock, log, ledgerPath: ledger?.path ?? null },
    current: () => current,
    onClosing: () => closing.abort(),
    onReloadFailed: (error) => {
      standing = { ...standing, lastError: secrets.redactText(error.message) }
    },
    async reconfigure() {
      const next = make(await options.reload())
      const nextReplacement = replacementSettings(next.loaded, next.backends)
      if (ledger === null) refuseLimitsWithoutLedger(next.loaded)
      await budget.configure(next.apiKeys)
      access.configure({ ...next.loaded.config.auth, api_keys: [...next.apiKeys] })
      warnOfRestart(log, current.loaded, next.loaded)
      priceBook.setOverrides(next.loaded.config.usage_tracking.prices)
      log.setLevel(next.loaded.config.logging.level)
      current = next
      replacement.configure(nextReplacement)
      capture.configure(next.loaded.config.wire_capture)
      issues.configure(next.loaded.config.wire_capture.thresholds)
      standing = { loadedAtMs: clock.nowMs(), lastError: null }
      watched.configure(next.loaded.config, next.backends)
      await lists.load(next.backends)
      refreshLists()
    },
    async closeParts() {
      issues.stop()
      metrics.close()
      await watched.health.stop()
      await replacement.stop()
      await Promise.all([books.close(), capture.close()])
      await Promise.all([pools.close(), demo.close(), services.bodyWork.close()])
      await lists.idle()
    },
  })
  // The ledger's thread opens it while all the rest is made.
  await Promise.all([books.opened, lists.load(current.backends)])
  await Promise.all([replacement.start(), budget.configure(current.apiKeys)])
  watched.configure(loaded.config, current.backends)
  const running = await life.listen()
  keepListsFresh()
  return running
}
