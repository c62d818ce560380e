import { billingAt } from '../../backends/billing.ts'
import { ProxyError } from '../../core/errors.ts'
import { type Target, targetName } from '../../core/target.ts'
import type { Usability } from '../../routing/ports.ts'
import { credentialAt } from '../credential-at.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { ReadRequest } from '../read-request.ts'
import { reportedCost } from './known-cost.ts'
import { outputTokensOf, upperCost } from './upper-cost.ts'

/** What an exchange may cost, for an access key that may spend only so much a day. */
export interface ExchangeSpending {
  /** Whether a target has a price, which it must. */
  usabilityOf(target: Target): Usability
  /** Sets aside what the dearest of these could cost; throws what `Spending.reserve` throws. */
  reserve(targets: readonly Target[]): void
  /** The same for targets that need not be asked: false instead of an error. */
  admits(targets: readonly Target[]): boolean
  /** Whether another attempt fits, beside what failed ones have cost. */
  hasRoomFor(target: Target): boolean
}

/** Null where nothing has to be reckoned: the key has no limit, or the call is free. */
export function exchangeSpending(run: ExchangeRun, request: ReadRequest): ExchangeSpending | null {
  const { call, exchange, services } = run
  const { spending } = call.caller
  const { size } = request.inspected
  if (spending === null || size === null) return null

  /** A plan bills no tokens. */
  function costAt(target: Target): number | null {
    const credential = credentialAt(call, request.credential, target.backend)
    if (credential.kind === 'missing') return null
    if (billingAt(target.backend, credential) === 'subscription') return 0
    return upperCost(size as NonNullable<typeof size>, target, exchange.openedAtMs, services.priceOf)
  }

  function reserve(targets: readonly Target[]): void {
    const [dearest] = targets
      .map((target) => ({ target, nanoUsd: costAt(target) ?? 0 }))
      .sort((a, b) => b.nanoUsd - a.nanoUsd)
    if (dearest === undefined || dearest.nanoUsd === 0) return
    const { target, nanoUsd } = dearest
    const assumed = size?.maxOutputTokens === null ? outputTokensOf(target.model ?? '') : null
    const failed = reportedCost(exchange, services.priceOf)
    spending?.reserve(exchange, { nanoUsd: failed + nanoUsd, assumedOutputTokens: assumed })
  }

  return {
    usabilityOf(target) {
      return costAt(target) === null ? unpriced(target) : { usable: true }
    },
    reserve,
    admits(targets) {
      try {
        reserve(targets)
        return true
      } catch (error) {
        if (error instanceof ProxyError) return false
        throw error
      }
    },
    hasRoomFor(target) {
      const failed = reportedCost(exchange, services.priceOf)
      return failed === 0 || spending.raise(exchange.id, failed + (costAt(target) ?? 0))
    },
  }
}

function unpriced(target: Target): Usability {
  const line = `usage_tracking.prices: {${JSON.stringify(targetName(target))}: {input: …, output: …}}`
  return {
    usable: false,
    reason: 'no_price',
    message: `has no price, which an access key with usd_per_day needs; add it to the configuration, in USD per million tokens: ${line}`,
  }
}
