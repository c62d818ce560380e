import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import type { Exchange } from '../../core/exchange.ts'
import { ExchangeNotes } from '../../core/exchange-notes.ts'
import type { Monitor } from '../../core/monitor.ts'
import type { DriftAlarm } from '../drift/drift-alarm.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TokenCounts } from '../ports.ts'
import { buildRecord, crashRecord } from './build-record.ts'
import { Notes } from './notes.ts'

export interface UsageMonitorParts {
  ledger: Pick<Ledger, 'opened' | 'add'>
  drift: Pick<DriftAlarm, 'compare'>
  counts: TokenCounts
  priceOf: PriceOf
  clock: Clock
}

/** A record is not late for the sake of a count (`spec/usage.md`, Token counts). */
const countsWithinMs = 50

/** Writes one record for each exchange, however it ended. */
export interface UsageMonitor extends Monitor {
  /** Settles when every exchange that has closed is in the ledger. */
  idle(): Promise<void>
}

export function usageMonitor({ ledger, drift, counts, priceOf, clock }: UsageMonitorParts): UsageMonitor {
  const noted = new ExchangeNotes<Notes>()
  let settling = 0
  let onIdle: (() => void)[] = []

  function record(exchange: Exchange, notes: Notes): void {
    const made = buildRecord(
      exchange,
      {
        counts: notes.counts,
        toolErrors: notes.toolErrors,
        passingNs: notes.passingNs,
        writtenNs: notes.writtenNs,
      },
      { priceOf, counterVersion: counts.version },
    )
    ledger.add(made)
    drift.compare(made, notes.seen)
  }

  /** The record is made when all is counted, or when it is time. */
  function settle(exchange: Exchange, notes: Notes): void {
    let isMade = false
    const make = () => {
      if (isMade) return
      isMade = true
      timer.cancel()
      record(exchange, notes)
      settling--
      if (settling > 0) return
      for (const resolve of onIdle) resolve()
      onIdle = []
    }
    settling++
    const timer = clock.after(countsWithinMs, make)
    notes.settle(make)
  }

  return {
    name: 'usage',
    opened(exchange) {
      noted.set(exchange, new Notes(exchange, counts))
      ledger.opened(exchange.id, () => crashRecord(exchange, counts.version))
    },
    attempted: (exchange) => noted.get(exchange)?.attempted(),
    passed: (exchange, leg, bytes, atNs) => noted.get(exchange)?.passed(leg, bytes, atNs),
    event: (exchange, event) => noted.get(exchange)?.event(event),
    closed(exchange) {
      const notes = noted.get(exchange)
      if (!notes) return
      noted.delete(exchange)
      settle(exchange, notes)
    },
    idle: () => (settling === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
  }
}
