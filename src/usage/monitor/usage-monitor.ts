import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import type { Exchange } from '../../core/exchange.ts'
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
  const open = new Map<string, Notes>()
  const settling = new Set<Promise<void>>()

  async function record(exchange: Exchange, notes: Notes): Promise<void> {
    await withinMs(notes.settled(), countsWithinMs, clock)
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

  return {
    name: 'usage',
    opened(exchange) {
      open.set(exchange.id, new Notes(exchange, counts))
      ledger.opened(exchange.id, () => crashRecord(exchange, counts.version))
    },
    attempted: (exchange) => open.get(exchange.id)?.attempted(),
    passed: (exchange, leg, bytes, atNs) => open.get(exchange.id)?.passed(leg, bytes, atNs),
    event: (exchange, event) => open.get(exchange.id)?.event(event),
    closed(exchange) {
      const notes = open.get(exchange.id)
      if (!notes) return
      open.delete(exchange.id)
      const recording = record(exchange, notes).finally(() => settling.delete(recording))
      settling.add(recording)
    },
    async idle() {
      while (settling.size > 0) await Promise.all(settling)
    },
  }
}

function withinMs(work: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve)
    void work.finally(() => {
      timer.cancel()
      resolve()
    })
  })
}
