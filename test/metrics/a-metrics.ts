import type { Exchange } from '../../src/core/exchange.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import type { MetricsPorts, SettledExchange, Standing } from '../../src/metrics/ports.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'
import { Scrape } from '../support/scrape.ts'

export const quiet: Standing = {
  backends: [],
  endpoints: [],
  fallbackUsedTotal: 0,
  ledger: null,
  capture: { droppedRecords: 0 },
  counting: { taken: 0, refused: 0, busyMs: 0 },
  monitorsOff: 0,
}

/** Metrics of a proxy with a ledger, as it stands. */
export function someMetrics(standing: Standing = quiet, ports: Partial<MetricsPorts> = {}) {
  const metrics = new Metrics({ version: '1.2.3', standing: () => standing, priceOf: null, ...ports })
  return {
    metrics,
    scrape: async () => new Scrape((await metrics.scrape()).text),
    /** One that goes through. */
    pass(changed: Partial<Exchange> = {}): void {
      const exchange = anExchange(changed)
      metrics.monitor.opened?.(exchange)
      metrics.monitor.closed?.(exchange)
    },
  }
}

/** An exchange with this model at this backend, that got this status. */
export function answered(model: string, { backend = 'anthropic', status = 200 } = {}): Partial<Exchange> {
  return {
    status,
    outcome: status < 400 ? 'complete' : 'error',
    attempts: [anAttempt({ model, backend, status })],
  }
}

export function aSettled(changed: Partial<SettledExchange> = {}): SettledExchange {
  return {
    ...{ frontend: 'anthropic-messages', status: 200, user: null, backend: 'anthropic', model: 'sonnet-4-5' },
    ...{ promptTokens: 100, completionTokens: 20, cachedTokens: 60, listNanoUsd: null, isUnpriced: false },
    costs: [{ backend: 'anthropic', model: 'sonnet-4-5', nanoUsd: 5_000_000 }],
    overheadNs: 400_000,
    ...changed,
  }
}
