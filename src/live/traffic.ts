import { usdOf } from '../core/cost.ts'
import type { Exchange } from '../core/exchange.ts'
import type { LiveCost, LiveSnapshot, LiveTraffic, Series } from '../core/live-snapshot.ts'
import type { Bill } from './bill.ts'
import { LatencyWindow } from './latency-window.ts'
import { isError } from './outcomes.ts'
import { share, threeDigits } from './rounding.ts'
import { TrafficWindow } from './traffic-window.ts'
import { stepSeconds, steps } from './windows.ts'

const fields = [
  'requests',
  'errors',
  'tokensIn',
  'tokensOut',
  'nanoUsd',
  'priced',
  'unpriced',
  'promptTokens',
  'cachedTokens',
  'savedNanoUsd',
  'saved',
] as const
type Field = (typeof fields)[number]

/** What all exchanges together are like. Times are nanoseconds of the clock. */
export class Traffic {
  readonly #startedNs: number
  readonly #window: TrafficWindow<Field>
  readonly #ttft: LatencyWindow
  readonly #duration: LatencyWindow
  readonly #overhead: LatencyWindow

  constructor(nowNs: number) {
    this.#startedNs = nowNs
    this.#window = new TrafficWindow(fields, nowNs)
    this.#ttft = new LatencyWindow(steps, nowNs)
    this.#duration = new LatencyWindow(steps, nowNs)
    this.#overhead = new LatencyWindow(steps, nowNs)
  }

  tokensPassed(tokens: number, nowNs: number): void {
    this.#window.add(nowNs, 'tokensOut', tokens)
  }

  /** `addedTokens`: of its output, what `tokensPassed` was told of already. */
  closed(exchange: Exchange, bill: Bill, addedTokens: number, nowNs: number): void {
    this.#window.add(nowNs, 'requests', 1)
    if (isError(exchange)) this.#window.add(nowNs, 'errors', 1)
    if (bill.completionTokens !== null) this.tokensPassed(-addedTokens, nowNs)
    this.#add(bill, 1, nowNs)
    this.#measure(exchange, nowNs)
  }

  rebilled(before: Bill, after: Bill, nowNs: number): void {
    this.#add(before, -1, nowNs)
    this.#add(after, 1, nowNs)
  }

  traffic(nowNs: number): LiveTraffic {
    const window = this.#window
    const [requests, errors] = [window.total(nowNs, 'requests'), window.total(nowNs, 'errors')]
    const requestSeries = window.series(nowNs, 'requests')
    const errorSeries = window.series(nowNs, 'errors')
    const perSecond = window.perSecond(nowNs, 'requests')
    const [inward, outward] = [window.series(nowNs, 'tokensIn'), window.series(nowNs, 'tokensOut')]
    const peak = Math.max(perSecond, ...requestSeries.map((sum) => sum / stepSeconds))
    return {
      requests_per_second: threeDigits(perSecond),
      tokens_in_per_second: threeDigits(window.perSecond(nowNs, 'tokensIn')),
      tokens_out_per_second: threeDigits(window.perSecond(nowNs, 'tokensOut')),
      ...{ requests, errors, error_ratio: share(errors, requests) },
      peak_requests_per_second: threeDigits(peak),
      series: {
        requests_per_second: this.#sinceStart(nowNs, requestSeries, (sum) => sum / stepSeconds),
        tokens_per_second: this.#sinceStart(nowNs, inward, (sum, at) => {
          return Math.max(0, sum + (outward[at] ?? 0)) / stepSeconds
        }),
        error_ratio: requestSeries.map((sum, at) => share(errorSeries[at] ?? 0, sum)),
      },
    }
  }

  latency(nowNs: number): LiveSnapshot['latency'] {
    return {
      ttft_ms: this.#ttft.percentiles(nowNs),
      duration_ms: this.#duration.percentiles(nowNs),
      overhead_ms: this.#overhead.percentiles(nowNs),
    }
  }

  cost(nowNs: number, usdToday: number | null): LiveCost {
    const window = this.#window
    const hasPrice = window.total(nowNs, 'priced') > 0
    const usd = window.series(nowNs, 'nanoUsd')
    const priced = window.series(nowNs, 'priced')
    const requests = window.series(nowNs, 'requests')
    return {
      usd_per_hour: hasPrice ? threeDigits(usdOf(window.perHour(nowNs, 'nanoUsd'))) : null,
      usd_today: usdToday,
      unpriced: Math.max(0, window.total(nowNs, 'unpriced')),
      cache_ratio: share(window.total(nowNs, 'cachedTokens'), window.total(nowNs, 'promptTokens')),
      cache_saved_usd:
        window.total(nowNs, 'saved') > 0 ? threeDigits(usdOf(window.total(nowNs, 'savedNanoUsd'))) : null,
      series: {
        // Of steps with requests and no price nobody knows; without requests nothing was spent.
        usd: this.#sinceStart(nowNs, usd, (sum, at) =>
          priced[at] === 0 && (requests[at] ?? 0) > 0 ? null : usdOf(Math.max(0, sum)),
        ),
      },
    }
  }

  #add(bill: Bill, times: 1 | -1, nowNs: number): void {
    const add = (field: Field, amount: number) => this.#window.add(nowNs, field, times * amount)
    if (bill.promptTokens !== null) add('tokensIn', bill.promptTokens)
    if (bill.completionTokens !== null) add('tokensOut', bill.completionTokens)
    if (bill.isUnpriced) add('unpriced', 1)
    if (bill.nanoUsd !== null) {
      add('priced', 1)
      add('nanoUsd', bill.nanoUsd)
    }
    if (bill.cachedTokens !== null && bill.promptTokens !== null) {
      add('promptTokens', bill.promptTokens)
      add('cachedTokens', bill.cachedTokens)
    }
    if (bill.savedNanoUsd !== null) {
      add('saved', 1)
      add('savedNanoUsd', bill.savedNanoUsd)
    }
  }

  #measure(exchange: Exchange, nowNs: number): void {
    const { receivedNs, firstContentNs, closedNs } = exchange
    if (receivedNs !== null && firstContentNs !== null) {
      this.#ttft.add(nowNs, Math.max(0, firstContentNs - receivedNs) / 1e6)
    }
    if (closedNs !== null) this.#duration.add(nowNs, closedNs / 1e6)
    const overheadNs = overheadOf(exchange)
    if (overheadNs !== null) this.#overhead.add(nowNs, overheadNs / 1e6)
  }

  /** Of steps before the start nothing was measured. */
  #sinceStart(
    nowNs: number,
    sums: readonly number[],
    shown: (sum: number, at: number) => number | null,
  ): Series {
    const current = Math.floor(nowNs / (stepSeconds * 1e9))
    const first = Math.floor(this.#startedNs / (stepSeconds * 1e9))
    return sums.map((sum, at) => (current - steps + at < first ? null : threeDigits(shown(sum, at))))
  }
}

/**
 * What the proxy itself added, in nanoseconds: from the request's last byte to its sending, lines not counted, and from the
 * answer's last byte to its last word to the client.
 */
function overheadOf({ attempts, receivedNs, queuedNs, writtenNs }: Exchange): number | null {
  const [first, last] = [attempts[0], attempts.at(-1)]
  if (!first || !last || receivedNs === null || writtenNs === null) return null
  if (first.sentNs === null || last.lastByteNs === null) return null
  return Math.max(0, first.sentNs - receivedNs - queuedNs) + Math.max(0, writtenNs - last.lastByteNs)
}
