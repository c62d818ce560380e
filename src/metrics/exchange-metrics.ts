import { CountFamily } from './count-family.ts'
import type { Families } from './family.ts'
import { SecondsFamily } from './seconds-family.ts'
import type { SeriesBudget } from './series-budget.ts'
import { SeriesTable } from './series-table.ts'

const byExchange = ['backend', 'model', 'frontend', 'status_class'] as const
const byUser = ['user', 'backend'] as const
const byModel = ['backend', 'model'] as const

export interface ExchangeBudgets {
  byExchange: SeriesBudget
  byUser: SeriesBudget
  byModel: SeriesBudget
  byBackend: SeriesBudget
}

const inExchanges = {
  requests: ['llmproxy_requests_total', 'Exchanges that have closed, however they ended.'],
  errors: ['llmproxy_errors_total', 'Exchanges that failed; a client that left or was turned away is none.'],
  promptTokens: ['llmproxy_prompt_tokens_total', 'Billed tokens of prompts, those from a cache included.'],
  completionTokens: ['llmproxy_completion_tokens_total', 'Billed tokens of answers, reasoning included.'],
  cachedTokens: [
    'llmproxy_cached_prompt_tokens_total',
    'Tokens of prompts that providers took from a cache.',
  ],
  costUsd: ['llmproxy_cost_usd_total', 'What was paid by the token, in US dollars, as far as it is known.'],
  listCostUsd: ['llmproxy_list_cost_usd_total', 'What the tokens of a plan would have cost, in US dollars.'],
  unpriced: ['llmproxy_unpriced_requests_total', 'Exchanges with billed tokens and no price.'],
} as const

const ofUsers = {
  requests: ['llmproxy_user_requests_total', 'Exchanges of an access key that have closed.'],
  promptTokens: ['llmproxy_user_prompt_tokens_total', 'Billed tokens of an access key’s prompts.'],
  completionTokens: [
    'llmproxy_user_completion_tokens_total',
    'Billed tokens of the answers to an access key.',
  ],
  costUsd: ['llmproxy_user_cost_usd_total', 'What an access key’s exchanges cost, in US dollars.'],
} as const

const ofAttempts = {
  attempts: ['llmproxy_attempts_total', 'Tries at a backend, by its answer’s status.'],
} as const

const ofFailures = {
  failed: ['llmproxy_failed_attempts_total', 'Tries at a backend that failed, by the error’s code.'],
} as const

const inSeconds = {
  ttft: [
    'llmproxy_ttft_seconds',
    'From a request’s last byte to the first content of its answer.',
    [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60],
  ],
  duration: [
    'llmproxy_request_duration_seconds',
    'From an exchange’s opening to its close.',
    [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
  ],
  overhead: [
    'llmproxy_overhead_seconds',
    'What the proxy itself added to an exchange.',
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
  ],
} as const

/** Everything that is counted of exchanges. */
export function exchangeMetrics(families: Families, budgets: ExchangeBudgets) {
  return {
    byExchange: counters(families, inExchanges, byExchange, 'model', budgets.byExchange),
    byUser: counters(families, ofUsers, byUser, 'user', budgets.byUser),
    byModel: new SeriesTable({
      labelNames: byModel,
      givesUp: byModel.indexOf('model'),
      columns: mapped(
        inSeconds,
        ([name, help, bounds]) => new SecondsFamily(families, { name, help }, bounds, byModel),
      ),
      budget: budgets.byModel,
    }),
    attempts: counters(families, ofAttempts, ['backend', 'status_class'], 'backend', budgets.byBackend),
    failedAttempts: counters(families, ofFailures, ['backend', 'error'], 'backend', budgets.byBackend),
  }
}

type Counters = Readonly<Record<string, readonly [name: string, help: string]>>

function counters<Of extends Counters, Name extends string>(
  families: Families,
  of: Of,
  labelNames: readonly Name[],
  givesUp: Name,
  budget: SeriesBudget,
) {
  const columns = mapped(of, ([name, help]) => new CountFamily(families, name, help, labelNames))
  return new SeriesTable({ labelNames, givesUp: labelNames.indexOf(givesUp), columns, budget })
}

function mapped<Of extends Readonly<Record<string, unknown>>, To>(
  of: Of,
  to: (value: Of[keyof Of]) => To,
): Record<keyof Of & string, To> {
  return Object.fromEntries(
    Object.entries(of).map(([key, value]) => [key, to(value as Of[keyof Of])]),
  ) as Record<keyof Of & string, To>
}
