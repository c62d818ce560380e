import type { ComparedExchange } from '../../core/compared-exchange.ts'
import { usdOf } from '../../core/cost.ts'
import { costInterval } from './interval/interval.ts'
import { SessionCosts } from './session-costs.ts'
import { type SideSummary, SideTally } from './side-tally.ts'
import type { Slices } from './slices.ts'

type Difference = Omit<SideSummary, 'requests'>

/** One rule's replacement compared with what its lost rolls left to the model that was asked for. */
export interface RuleEffectiveness {
  from: string
  to: string
  replaced: SideSummary
  baseline: SideSummary
  /** Replaced − baseline. */
  difference: Difference
  /** USD, by all replaced requests whose cost is known; negative: they cost more. */
  cost_saved: number | null
  /** At least 30 distinct sessions on each side; the numbers of fewer are chance. */
  enough_data: boolean
  /** 95 % of the difference in USD per request; null: cannot be told. */
  cost_per_request_interval: [low: number, high: number] | null
}

export class RuleTally {
  readonly #rule: string
  readonly #replaced = new SideTally()
  readonly #baseline = new SideTally()
  readonly #sessions = new SessionCosts()

  constructor(rule: string) {
    this.#rule = rule
  }

  add(exchange: ComparedExchange): void {
    if (exchange.decision === 'replaced' && !exchange.replaced) return this.#replaced.addFallback(exchange)
    const side = exchange.decision === 'replaced' ? 'replaced' : 'baseline'
    const tally = side === 'replaced' ? this.#replaced : this.#baseline
    tally.add(exchange)
    this.#sessions.add(exchange, side)
  }

  async result(slices: Slices): Promise<RuleEffectiveness> {
    const [replaced, baseline] = [this.#replaced.summary(), this.#baseline.summary()]
    const interval = await costInterval(this.#sessions.all(), slices)
    const difference = differenceOf(replaced, baseline)
    const [from, to] = halves(this.#rule)
    return {
      ...{ from, to, replaced, baseline, difference },
      cost_saved:
        difference.cost_per_request === null ? null : 0 - difference.cost_per_request * this.#replaced.priced,
      enough_data: this.#replaced.hasEnoughSessions && this.#baseline.hasEnoughSessions,
      cost_per_request_interval: interval && [usdOf(interval[0]), usdOf(interval[1])],
    }
  }
}

function differenceOf(replaced: SideSummary, baseline: SideSummary): Difference {
  const of = (name: keyof Difference) => {
    const [one, other] = [replaced[name], baseline[name]]
    return one === null || other === null ? null : one - other
  }
  return {
    error_rate: of('error_rate'),
    ttft_p50_ms: of('ttft_p50_ms'),
    duration_p50_ms: of('duration_p50_ms'),
    tokens_per_request: of('tokens_per_request'),
    cost_per_request: of('cost_per_request'),
    tool_call_rate: of('tool_call_rate'),
  }
}

/** A target may have an `=` in its name. */
function halves(rule: string): [from: string, to: string] {
  const at = rule.indexOf('=')
  return at < 0 ? [rule, ''] : [rule.slice(0, at), rule.slice(at + 1)]
}
