import type { AccessKeyConfig } from '../../config/schema.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import { nanoUsdOf } from '../../core/cost.ts'
import type { Estimate, Spending } from '../../proxy/spending/spending.ts'
import type { Caller } from './caller.ts'
import { type Charge, DayAccounts, dayMs, dayOf, type Spent } from './day-accounts.ts'
import { callOverLimit, type LimitedCaller, spendingLimit, unreadLedger } from './spending-errors.ts'

export interface DayBudgetParts {
  clock: Clock
  /** What each access key's exchanges that opened since then cost, by its name, as the ledger has it. */
  spentSince: (fromMs: number) => Promise<readonly Spent[]>
  /** The ledger cannot be read; told once until it can be again. */
  onTrouble: (error: unknown) => void
}

/** Keeps `usd_per_day` of all access keys, by their names: records have nothing else of a key. */
export interface DayBudget {
  /** Null: this caller has no limit. */
  spendingOf(caller: Caller): Spending | null
  /** Told of every record that is made; looks at it only where a limit is kept. */
  closed(charge: () => Charge): void
  /** These records stand in the ledger. */
  written(records: readonly { id: string }[]): void
  /** Takes the access keys of a configuration; settles when the ledger was read for the first of them with a limit. */
  configure(keys: readonly AccessKeyConfig[]): Promise<void>
  stop(): void
}

/** Others on the same ledger spend too. */
const readEveryMs = 10_000
/** A day of a million records takes a while to add up: the ledger's thread has other things to do. */
const restPerReading = 50
const retryAfterMs = 2_000

interface Watch {
  accounts: DayAccounts
  timer: Timer | undefined
  inTrouble: boolean
}

export function createDayBudget({ clock, spentSince, onTrouble }: DayBudgetParts): DayBudget {
  /** Null while no access key has a limit: then nothing is read and nothing added up. */
  let watch: Watch | null = null

  async function read(current: Watch): Promise<void> {
    const nowMs = clock.nowMs()
    const startedNs = clock.monotonicNs()
    const take = current.accounts.beginReading(nowMs)
    let nextMs = retryAfterMs
    try {
      take(await spentSince(dayOf(nowMs) * dayMs))
      current.inTrouble = false
      nextMs = Math.max(readEveryMs, ((clock.monotonicNs() - startedNs) / 1e6) * restPerReading)
    } catch (error) {
      if (!current.inTrouble) onTrouble(error)
      current.inTrouble = true
    }
    if (watch === current) current.timer = clock.after(nextMs, () => void read(current))
  }

  function reserve(
    caller: LimitedCaller,
    { id, openedAtMs }: { id: string; openedAtMs: number },
    estimate: Estimate,
  ): void {
    if (watch === null) return
    const { accounts } = watch
    if (!accounts.isKnown(openedAtMs)) throw unreadLedger(caller.name, retryAfterMs)
    const limit = nanoUsdOf(caller.usdPerDay)
    if (estimate.nanoUsd > limit) throw callOverLimit(caller, estimate, untilMidnightMs(openedAtMs))
    const spent = accounts.spent(caller.name, openedAtMs) - accounts.held(id)
    if (spent + estimate.nanoUsd > limit) {
      throw spendingLimit(caller, spent, estimate, untilMidnightMs(openedAtMs))
    }
    accounts.hold(id, caller.name, openedAtMs, estimate.nanoUsd)
  }

  /** At least a second: who opened yesterday may ask again today. */
  function untilMidnightMs(openedAtMs: number): number {
    return Math.max(1_000, (dayOf(openedAtMs) + 1) * dayMs - clock.nowMs())
  }

  function stop(): void {
    watch?.timer?.cancel()
    watch = null
  }

  return {
    spendingOf(caller) {
      if (caller.kind === 'open' || caller.usdPerDay === null) return null
      const limited = { ...caller, usdPerDay: caller.usdPerDay }
      return {
        reserve: (exchange, estimate) => reserve(limited, exchange, estimate),
        lower: (exchangeId, nanoUsd) => watch?.accounts.lower(exchangeId, nanoUsd),
        raise: (exchangeId, nanoUsd) =>
          watch?.accounts.raise(exchangeId, nanoUsd, nanoUsdOf(limited.usdPerDay)) ?? true,
      }
    },
    closed: (charge) => watch?.accounts.closed(charge()),
    written: (records) => watch?.accounts.written(records),
    async configure(keys) {
      if (!keys.some(hasDailyLimit)) return stop()
      if (watch !== null) return
      watch = { accounts: new DayAccounts(clock.nowMs()), timer: undefined, inTrouble: false }
      await read(watch)
    },
    stop,
  }
}

export function hasDailyLimit(key: AccessKeyConfig): boolean {
  return typeof key !== 'string' && key.usd_per_day !== null
}
