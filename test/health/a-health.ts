import type { Dispatcher } from 'undici'
import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { healthCheck } from '../../src/config/schema/health-check.ts'
import type { Backend } from '../../src/core/backend.ts'
import { createHealth, type HealthOptions } from '../../src/health/health.ts'
import type { Outcome } from '../../src/health/outcome.ts'
import type { HealthChange, HealthyCheck } from '../../src/health/ports.ts'
import { FakeClock } from '../support/fake-clock.ts'

export type Settings = z.input<typeof healthCheck>
export type Answer = number | 'refused' | 'silence'

export const pong: Outcome = { kind: 'success', latencyMs: 1.5, status: null }
export const noPong: Outcome = { kind: 'failure', error: 'no answer within 5 s', status: null }
export const noPing: Outcome = { kind: 'unavailable', reason: 'there is no program named ping' }

/** Health with pings and a network that do as the test says, at once. */
export function aHealth(options: Partial<HealthOptions> = {}) {
  const clock = new FakeClock()
  const changes: HealthChange[] = []
  const healthyChecks: HealthyCheck[] = []
  const warnings: string[] = []
  const faults: unknown[] = []
  const outside = {
    /** How hosts answer pings; `silence` until the ping is cancelled. */
    pongs: (_host: string): Outcome | 'silence' => pong,
    /** How origins answer probes. */
    answers: (_origin: string): Answer => 200,
    /** Hosts and URLs in the order in which they were asked. */
    pinged: [] as string[],
    probed: [] as string[],
    /** Pings that run. */
    pinging: 0,
  }
  const health = createHealth({
    ...{ clock, version: '1.2.3', env: {}, random: () => 0.5 },
    ports: {
      dispatcherFor: (origin) =>
        network(
          () => outside.answers(origin),
          (path) => outside.probed.push(origin + path),
        ),
      onChange: (change) => changes.push(change),
      onHealthyCheck: (check) => healthyChecks.push(check),
      onPingUnavailable: (reason) => warnings.push(reason),
      onFault: (error) => faults.push(error),
    },
    ping(host) {
      outside.pinged.push(host)
      const said = outside.pongs(host)
      if (said !== 'silence') return { outcome: Promise.resolve(said), cancel: () => {} }
      outside.pinging++
      let cancel = () => {}
      const outcome = new Promise<Outcome>((resolve) => {
        cancel = () => {
          outside.pinging--
          resolve(noPong)
        }
      })
      return { outcome, cancel: () => cancel() }
    },
    ...options,
  })
  onTestFinished(() => health.stop())
  return Object.assign(outside, {
    ...{ clock, changes, healthyChecks, warnings, faults, health },
    configure(settings: Settings, ...backends: Backend[]) {
      health.configure(healthCheck.parse(settings), backends)
    },
    /** All that is ready to go on has gone on. */
    settle: () => clock.advanceSlowly(0),
    endpoint(url: string) {
      const found = health.snapshot().endpoints.find((endpoint) => endpoint.api_url === url)
      if (!found) throw new Error(`no endpoint ${url}`)
      return found
    },
  })
}

function network(answer: () => Answer, asked: (path: string) => void): Dispatcher {
  const controller = { abort: () => {} } as unknown as Dispatcher.DispatchController
  return {
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      asked(options.path)
      const said = answer()
      if (said === 'refused') {
        handler.onResponseError?.(controller, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
        return true
      }
      handler.onRequestStart?.(controller, {})
      if (said !== 'silence') handler.onResponseStart?.(controller, said, {})
      return true
    },
  } as unknown as Dispatcher
}
