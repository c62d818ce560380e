import { text } from 'node:stream/consumers'
import { type ApiClient, ProxyAway } from '../api-client.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { type MetricsReport, readMetrics } from './metrics-report.ts'

/** Where metrics come from: a proxy that runs, or a ledger that is read here. */
export interface MetricsSource {
  /** Rejects with a `Failure`, or what becomes one. */
  metrics(query: URLSearchParams, signal?: AbortSignal): Promise<SeenMetrics>
  close(): Promise<void>
}

export interface SeenMetrics {
  /** As the API has it. */
  answer: unknown
  report: MetricsReport
}

export function metricsFromProxy(client: ApiClient): MetricsSource {
  return {
    metrics: async (query, signal) => seen(jsonIn(await body(client, query, signal)), client.url),
    close: () => Promise.resolve(),
  }
}

/** A ledger opened to be read; `effectiveness` is the API's of that name. */
export interface ComparableLedger {
  effectiveness(query: URLSearchParams): Promise<readonly object[]>
  close(): Promise<void>
}

/** What a proxy has decided is not in its ledger: all of that is null. */
export function metricsFromLedger(ledger: ComparableLedger): MetricsSource {
  return {
    metrics: async (query) => {
      const answer = { ...unknownToLedgers, effectiveness: await ledger.effectiveness(query) }
      return seen(answer, 'the ledger')
    },
    close: () => ledger.close(),
  }
}

const unknownToLedgers = {
  ...{ enabled: null, probability: null, turn_count: null, rules: null },
  ...{ started_at: null, elapsed_seconds: null },
  ...{ activation_metrics: null, turn_count_metrics: null },
  ...{ opt_out_metrics: null, probability_check_metrics: null },
}

function seen(answer: unknown, where: string): SeenMetrics {
  const report = readMetrics(answer)
  if (report === null) throw new Failure(`what answers at ${where} is no llmproxy`, exitCodes.notDone)
  return { answer, report }
}

/** A proxy that goes away in the midst of its answer is away. */
async function body(client: ApiClient, query: URLSearchParams, signal?: AbortSignal): Promise<string> {
  const answered = await client.get('/v1/replacement/metrics', query, signal)
  return text(answered).catch((error: unknown) => Promise.reject(new ProxyAway(client.url, error)))
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
