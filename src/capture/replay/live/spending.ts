import type { Estimate } from './estimate.ts'

export interface SpendingLimits {
  /** Null: none. */
  maxUsd: number | null
}

/** What came of a request to a provider. */
export interface Spent {
  /** Of the answers: the client's and those of backends. */
  statuses: readonly number[]
  /** By what the provider reported; null: not known. */
  costUsd: number | null
  estimate: Estimate
}

const most429 = 3

/** Says when to stop: before more is spent than may be, and where a provider will not answer any more. */
export class Spending {
  readonly #limits: SpendingLimits
  #spentUsd = 0
  #isEstimated = false
  #isUnknown = false
  #limited = 0
  #stopped: string | null = null

  constructor(limits: SpendingLimits) {
    this.#limits = limits
  }

  get spentUsd(): number {
    return this.#spentUsd
  }

  /** Whether some of it is what it can have cost at most, because the provider did not say. */
  get isEstimated(): boolean {
    return this.#isEstimated
  }

  /** Whether something of it has no price. */
  get isUnknown(): boolean {
    return this.#isUnknown
  }

  /** Why nothing more is sent, in words. */
  get stopped(): string | null {
    return this.#stopped
  }

  /** Whether a request may be sent now. */
  admits({ highUsd }: Estimate): boolean {
    if (this.#stopped !== null) return false
    const { maxUsd } = this.#limits
    if (maxUsd === null) return true
    if (highUsd === null) this.#stopped = 'a model has no price, and --max-cost is to be kept'
    else if (this.#spentUsd + highUsd > maxUsd) {
      this.#stopped =
        `$${usd(this.#spentUsd)} are spent, and the next request could cost up to $${usd(highUsd)}: ` +
        `more than --max-cost ${maxUsd}`
    }
    return this.#stopped === null
  }

  add({ statuses, costUsd, estimate }: Spent): void {
    const wasRefused = statuses.length > 0 && statuses.every((status) => status >= 400)
    const cost = costUsd ?? (wasRefused ? 0 : estimate.highUsd)
    this.#spentUsd += cost ?? 0
    this.#isEstimated ||= costUsd === null && !wasRefused
    this.#isUnknown ||= cost === null
    const refusing = statuses.find((status) => status === 401 || status === 402)
    this.#limited = statuses.includes(429) ? this.#limited + 1 : 0
    if (refusing !== undefined) this.#stopped ??= `the provider answered ${refusing}`
    else if (this.#limited === most429)
      this.#stopped ??= `the provider answered 429 ${most429} times in a row`
  }
}

function usd(value: number): string {
  return value.toFixed(4)
}
