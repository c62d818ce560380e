import { usdOf } from '../core/cost.ts'
import type { Attempt } from '../core/exchange.ts'
import type { LiveBackend } from '../core/live-snapshot.ts'
import { printable } from '../core/printable.ts'
import type { Bill } from './bill.ts'
import { LatencyWindow } from './latency-window.ts'
import { hasFailed } from './outcomes.ts'
import type { BackendStanding } from './ports.ts'
import { share, threeDigits } from './rounding.ts'
import { TrafficWindow } from './traffic-window.ts'

const fields = ['requests', 'errors', 'tokensOut', 'nanoUsd', 'priced'] as const
type Field = (typeof fields)[number]
/** There may be many backends, and none of them has a line of its own to draw: longer steps take less room. */
const latencySteps = 10
const longestError = 200

type Counted = Omit<LiveBackend, keyof BackendStanding>

/** What the attempts at one backend are like. Times are nanoseconds of the clock. */
export class BackendTraffic {
  readonly #window: TrafficWindow<Field>
  readonly #ttft: LatencyWindow
  #lastError: LiveBackend['last_error'] = null

  constructor(nowNs: number) {
    this.#window = new TrafficWindow(fields, nowNs)
    this.#ttft = new LatencyWindow(latencySteps, nowNs)
  }

  tokensPassed(tokens: number, nowNs: number): void {
    this.#window.add(nowNs, 'tokensOut', tokens)
  }

  ended(attempt: Attempt, now: { ns: number; ms: number }, redactText: (text: string) => string): void {
    this.#window.add(now.ns, 'requests', 1)
    if (attempt.firstContentNs !== null) {
      this.#ttft.add(now.ns, Math.max(0, attempt.firstContentNs - attempt.startedNs) / 1e6)
    }
    if (!hasFailed(attempt)) return
    this.#window.add(now.ns, 'errors', 1)
    this.#lastError = { at: new Date(now.ms).toISOString(), text: errorText(attempt, redactText) }
  }

  /** The exchange whose last attempt was here has closed; `addedTokens` of its output `tokensPassed` was told of. */
  billed(bill: Bill, addedTokens: number, nowNs: number): void {
    if (bill.completionTokens !== null) this.tokensPassed(-addedTokens, nowNs)
    this.#add(bill, 1, nowNs)
  }

  rebilled(before: Bill, after: Bill, nowNs: number): void {
    this.#add(before, -1, nowNs)
    this.#add(after, 1, nowNs)
  }

  counted(nowNs: number): Counted {
    const window = this.#window
    const [requests, errors] = [window.total(nowNs, 'requests'), window.total(nowNs, 'errors')]
    const [p50 = null, p95 = null] = this.#ttft.at(nowNs, [0.5, 0.95])
    const hasPrice = window.total(nowNs, 'priced') > 0
    return {
      requests_per_second: threeDigits(window.perSecond(nowNs, 'requests')),
      ...{ requests, errors, error_ratio: share(errors, requests) },
      ttft_ms: { p50, p95 },
      tokens_out_per_second: threeDigits(window.perSecond(nowNs, 'tokensOut')),
      usd_per_hour: hasPrice ? threeDigits(usdOf(window.perHour(nowNs, 'nanoUsd'))) : null,
      last_error: this.#lastError,
    }
  }

  #add({ completionTokens, lastNanoUsd }: Bill, times: 1 | -1, nowNs: number): void {
    if (completionTokens !== null) this.#window.add(nowNs, 'tokensOut', times * completionTokens)
    if (lastNanoUsd === null) return
    this.#window.add(nowNs, 'priced', times)
    this.#window.add(nowNs, 'nanoUsd', times * lastNanoUsd)
  }
}

/** Of a backend that was not asked yet. */
export const nothingCounted: Counted = {
  ...{ requests_per_second: 0, requests: 0, errors: 0, error_ratio: null },
  ttft_ms: { p50: null, p95: null },
  ...{ tokens_out_per_second: 0, usd_per_hour: null, last_error: null },
}

/** Redacted before it is cut: what is left of a cut secret is not recognised. */
function errorText({ error, status }: Attempt, redactText: (text: string) => string): string {
  const words = redactText(error?.message ?? '')
  return printable(status !== null && status >= 300 ? `${status} ${words}` : words, longestError)
}
