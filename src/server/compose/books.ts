import { join } from 'node:path'
import { ConfigFaults } from '../../config/faults.ts'
import type { LoadedConfig } from '../../config/load.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../logs/log.ts'
import { createPriceBook } from '../../prices/index.ts'
import type { PriceBook } from '../../prices/price-book.ts'
import { createTokenCounter, type TokenCounter } from '../../tokens/token-counter.ts'
import type { UsageRecord } from '../../usage/record/record.ts'
import { createDayBudget, type DayBudget } from '../access/day-budget.ts'
import { chargeOf } from './charge.ts'
import { type RunningLedger, startLedger } from './ledger.ts'

export interface BooksSources {
  loaded: LoadedConfig
  /** The configuration in force. */
  current: () => LoadedConfig
  clock: Clock
  log: Log
  /** Each record as soon as it is made. */
  onRecord: (record: UsageRecord) => void
}

/** What is counted, what it costs, what may be spent, and where it is written down. */
export interface Books {
  tokenCounter: TokenCounter
  priceBook: PriceBook
  budget: DayBudget
  /** Null: usage tracking is off. */
  ledger: RunningLedger | null
  /** When all of them know what was before. */
  opened: Promise<void>
  close(): Promise<void>
}

/** Throws ConfigFaults for a path that is no ledger's. */
export function startBooks({ loaded, current, clock, log, onRecord }: BooksSources): Books {
  const tokenCounter = createTokenCounter({
    onLost: (error) =>
      log.warn({ err: error }, 'the thread that counts tokens was lost; the next count starts it anew'),
  })
  const priceBook = createPriceBook({
    overrides: loaded.config.usage_tracking.prices,
    folder: join(loaded.home, 'prices'),
    onDamaged: (file, reason) => log.warn({ file, reason }, 'a catalogue of prices is damaged and left out'),
  })
  const budget = createDayBudget({
    clock,
    spentSince: (fromMs) => ledger?.spentSince(fromMs) ?? Promise.resolve([]),
    onTrouble: (error) =>
      log.error(
        { err: error },
        'what was spent today cannot be read: access keys with usd_per_day wait for it',
      ),
  })
  const ledger = loaded.config.usage_tracking.enabled ? ledgerOf() : null

  function ledgerOf(): RunningLedger {
    try {
      return startLedger({
        ...{ home: loaded.home, clock, log, tokenCounter },
        settings: () => current().config.usage_tracking,
        priceOf: priceBook.priceOf,
        onRecord(record) {
          budget.closed(() => chargeOf(record))
          onRecord(record)
        },
        onWritten: budget.written,
      })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new ConfigFaults([loaded.faultAt(['usage_tracking', 'persistence_path'], message)])
    }
  }

  return {
    ...{ tokenCounter, priceBook, budget, ledger },
    opened: ledger?.opened ?? Promise.resolve(),
    async close() {
      budget.stop()
      await ledger?.close()
      await tokenCounter.close()
    },
  }
}
