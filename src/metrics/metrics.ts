import { usdOf } from '../core/cost.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { Attempt, Exchange, IncompleteReason } from '../core/exchange.ts'
import type { Monitor } from '../core/monitor.ts'
import { BackendLabels } from './backend-labels.ts'
import { type CountCell, LabelCounts } from './count-family.ts'
import { exchangeMetrics } from './exchange-metrics.ts'
import type { Exposition } from './exposition.ts'
import type { Families } from './family.ts'
import { none, other, Places } from './places.ts'
import type { MetricsPorts, SettledExchange } from './ports.ts'
import { processMetrics } from './process-metrics.ts'
import { ReadingFamily } from './reading-family.ts'
import { reportedOf } from './reported.ts'
import { SeriesBudget } from './series-budget.ts'
import type { SeriesRow } from './series-table.ts'
import { standingMetrics } from './standing-metrics.ts'

/** Together with what is always there below 5,000 (`spec/http-api.md`): of each, how many, and how many of them for sums. */
const room = {
  byExchange: [1_300, 300],
  byUser: [900, 100],
  byModel: [1_850, 400],
  byBackend: [300, 60],
  standing: 450,
} as const

/** What Prometheus is told. Each exchange costs a fixed amount of work, when it has closed. */
export class Metrics {
  readonly #ports: MetricsPorts
  readonly #families: Families = []
  #exposition: Promise<Exposition> | undefined
  readonly #counted: ReturnType<typeof exchangeMetrics>
  readonly #own: ReturnType<typeof ownMetrics>
  /** Exchanges that have not closed. */
  #open = 0
  readonly #backends = new BackendLabels()
  readonly #models = new Places(() => this.#own.refused.add('model'))
  readonly #users = new Places(() => this.#own.refused.add('user'))
  readonly #showStanding: ReturnType<typeof standingMetrics>
  readonly #process = processMetrics(this.#families)
  readonly monitor: Monitor = {
    name: 'metrics',
    opened: () => {
      this.#open++
    },
    closed: (exchange) => this.#closed(exchange),
  }

  constructor(ports: MetricsPorts) {
    this.#ports = ports
    this.#own = ownMetrics(this.#families)
    this.#own.info.add({ version: ports.version }, 1)
    const refuse = () => this.#own.refused.add('series')
    const budget = ([series, reserve]: readonly [number, number]) => new SeriesBudget(series, reserve, refuse)
    this.#counted = exchangeMetrics(this.#families, {
      byExchange: budget(room.byExchange),
      byUser: budget(room.byUser),
      byModel: budget(room.byModel),
      byBackend: budget(room.byBackend),
    })
    this.#showStanding = standingMetrics(this.#families, room.standing, refuse)
  }

  /** What `GET /metrics` answers. What writes it is loaded with the first one. */
  async scrape(): Promise<{ contentType: string; text: string }> {
    this.#exposition ??= import('./exposition.ts').then((module) => module.exposition(this.#families))
    const { contentType, write } = await this.#exposition
    this.#own.inFlight.set(this.#open)
    this.#showStanding(this.#ports.standing())
    this.#process.read()
    return { contentType, text: await write() }
  }

  /** What an exchange that has closed used and cost. */
  settled(settled: SettledExchange): void {
    const { promptTokens, completionTokens, cachedTokens, listNanoUsd, overheadNs } = settled
    const { byExchange, byUser } = this.#counted
    const [backend, model] = [this.#backends.of(settled.backend), this.#models.of(settled.model)]
    const [user, statusClass] = [this.#users.of(settled.user), statusClassOf(settled.status)]
    const row = byExchange.row(backend, model, settled.frontend, statusClass)
    add(row, 'promptTokens', promptTokens)
    add(row, 'completionTokens', completionTokens)
    add(row, 'cachedTokens', cachedTokens)
    add(row, 'listCostUsd', listNanoUsd === null ? null : usdOf(listNanoUsd))
    if (settled.isUnpriced) add(row, 'unpriced', 1)
    for (const cost of settled.costs) {
      const [at, asked] = [this.#backends.of(cost.backend), this.#models.of(cost.model)]
      add(byExchange.row(at, asked, settled.frontend, statusClass), 'costUsd', usdOf(cost.nanoUsd))
      add(byUser.row(user, at), 'costUsd', usdOf(cost.nanoUsd))
    }
    const userRow = byUser.row(user, backend)
    add(userRow, 'promptTokens', promptTokens)
    add(userRow, 'completionTokens', completionTokens)
    if (overheadNs !== null)
      this.#counted.byModel
        .row(backend, model)
        .cell('overhead')
        .add(overheadNs / 1e9)
  }

  /** A request that was turned away before it was an exchange. */
  refused(code: ErrorCode): void {
    this.#own.refusedRequests.add(code)
  }

  close(): void {
    this.#process.stop()
  }

  #closed(exchange: Exchange): void {
    const { byExchange, byUser } = this.#counted
    const last = exchange.attempts.at(-1)
    const target = { backend: last?.backend ?? null, model: last?.model ?? null }
    this.#open--
    if (last && isAnswered(exchange)) {
      this.#models.place(target.model)
      this.#users.place(exchange.proxyUser)
    }
    const [backend, model] = [this.#backends.of(target.backend), this.#models.of(target.model)]
    const row = byExchange.row(backend, model, exchange.frontend, statusClassOf(exchange.status))
    add(row, 'requests', 1)
    if (isError(exchange)) add(row, 'errors', 1)
    add(byUser.row(this.#users.of(exchange.proxyUser), backend), 'requests', 1)
    for (const attempt of exchange.attempts) this.#attempted(attempt)
    this.#timed(exchange, backend, model)
    const { incompleteReason, replacement } = exchange
    if (incompleteReason !== null) this.#own.incomplete.add(incompleteReason)
    if (replacement !== null) this.#own.replacement.add(replacement.decision)
    if (this.#ports.priceOf !== null) this.settled(reportedOf(exchange, this.#ports.priceOf))
  }

  #timed({ receivedNs, firstContentNs, closedNs }: Exchange, backend: string, model: string): void {
    const row = this.#counted.byModel.row(backend, model)
    if (receivedNs !== null && firstContentNs !== null) {
      row.cell('ttft').add(Math.max(0, firstContentNs - receivedNs) / 1e9)
    }
    if (closedNs !== null) row.cell('duration').add(closedNs / 1e9)
  }

  #attempted({ backend: name, status, error }: Attempt): void {
    const backend = this.#backends.of(name)
    const { attempts, failedAttempts } = this.#counted
    add(attempts.row(backend, statusClassOf(status)), 'attempts', 1)
    if (error !== null) add(failedAttempts.row(backend, error.code), 'failed', 1)
  }
}

const incompleteReasons = Object.keys({
  ...{ client_disconnect: 0, backend_error: 0, timeout: 0, truncated: 0, shutdown: 0, crash: 0 },
} satisfies Record<IncompleteReason, 0>)

/** Nothing and null make no series. */
function add<Key extends string>(row: SeriesRow<Key, CountCell>, column: Key, amount: number | null): void {
  if (amount !== null && amount > 0) row.cell(column).value += amount
}

function ownMetrics(families: Families) {
  const counts = (name: string, help: string, label: string, from0?: readonly string[]) =>
    new LabelCounts(families, name, help, label, from0)
  return {
    inFlight: new ReadingFamily(families, 'llmproxy_in_flight_requests', 'Exchanges that are open.'),
    info: new ReadingFamily(families, 'llmproxy_build_info', 'Always 1; its version is a label.', [
      'version',
    ]),
    incomplete: counts(
      'llmproxy_incomplete_requests_total',
      'Exchanges whose answer did not reach its end, by why.',
      'reason',
      incompleteReasons,
    ),
    replacement: counts(
      'llmproxy_replacement_decisions_total',
      'What random replacement decided of the requests that one of its rules concerns.',
      'decision',
    ),
    refusedRequests: counts(
      'llmproxy_refused_requests_total',
      'Requests that were turned away before they were an exchange, by the error’s code.',
      'code',
    ),
    refused: counts(
      'llmproxy_metrics_refused_total',
      'How often a model, a user or a series found no room here and was counted as other.',
      'what',
      ['model', 'user', 'series'],
    ),
  }
}

/** By a backend, with what the client asked for. */
function isAnswered({ status }: Exchange): boolean {
  return status !== null && status < 400
}

/** As `error_count` in `spec/usage.md`. */
function isError({ outcome, incompleteReason }: Exchange): boolean {
  return outcome === 'error' || (outcome === 'incomplete' && incompleteReason !== 'client_disconnect')
}

/** The first digit of a status is its class. */
const statusClasses = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx']

function statusClassOf(status: number | null): string {
  return status === null ? none : (statusClasses[Math.floor(status / 100)] ?? other)
}
